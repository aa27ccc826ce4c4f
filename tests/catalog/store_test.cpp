#include "catalog/store.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/files.h"
#include "catalog/backup.h"
#include "sqlite/transaction.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

std::string bytes_of(const std::string& path) {
  return must(read_file(posix_files(), path, 1u << 30));
}

void write(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

/// A whole database of one file: the log has been brought home.
struct Closed {
  TempFolder folder;
  ManualClock clock;
  StatePaths paths = state_paths(folder.path());
  Closed() {
    must(prepare(paths, clock));
    auto db = must(open(paths));
    Asking asking;
    for (int n = 0; n < 200; ++n) {
      asking.name = "org/model-" + std::to_string(n);
      must(ask_for_model(db, asking, clock.now()));
    }
    must(db.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  }
};

TEST(Store, is_created_once_and_opened_by_all) {
  TempFolder folder;
  ManualClock clock;
  const StatePaths paths = state_paths(folder.path());
  EXPECT_FALSE(open(paths));
  must(prepare(paths, clock));
  auto db = must(open(paths));
  must(prepare(paths, clock));
  must(check_whole(db));
  EXPECT_EQ(must(db.one<std::int64_t>("PRAGMA application_id")), kApplicationId);
}

TEST(Store, takes_an_empty_file_for_damage_and_keeps_it) {
  TempFolder folder;
  ManualClock clock;
  const StatePaths paths = state_paths(folder.path());
  write(paths.database, "");
  EXPECT_EQ(code_of(prepare(paths, clock)), codes::database_damaged);
  EXPECT_EQ(code_of(open(paths)), codes::database_damaged);
  EXPECT_EQ(std::filesystem::file_size(paths.database), 0u);
}

TEST(Store, refuses_what_is_no_database_and_keeps_it) {
  Closed closed;
  std::string garbled = bytes_of(closed.paths.database);
  garbled.replace(0, 64, std::string(64, '#'));
  write(closed.paths.database, garbled);
  EXPECT_EQ(code_of(prepare(closed.paths, closed.clock)), codes::database_damaged);
  EXPECT_EQ(bytes_of(closed.paths.database), garbled);
}

TEST(Store, refuses_a_newer_schema_and_keeps_it) {
  Closed closed;
  {
    auto db = must(open(closed.paths));
    must(db.execute("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)"));
  }
  const std::string before = bytes_of(closed.paths.database);
  EXPECT_EQ(code_of(prepare(closed.paths, closed.clock)), codes::database_newer);
  EXPECT_EQ(code_of(open(closed.paths)), codes::database_newer);
  EXPECT_EQ(bytes_of(closed.paths.database), before);
}

TEST(Store, refuses_the_database_of_another_program_and_keeps_it) {
  Closed closed;
  {
    auto db = must(open(closed.paths));
    must(db.execute("PRAGMA application_id = 4711; PRAGMA wal_checkpoint(TRUNCATE)"));
  }
  const std::string before = bytes_of(closed.paths.database);
  EXPECT_EQ(code_of(prepare(closed.paths, closed.clock)), codes::database_foreign);
  EXPECT_EQ(bytes_of(closed.paths.database), before);
}

TEST(Store, finds_a_truncated_file) {
  Closed closed;
  const std::string whole = bytes_of(closed.paths.database);
  write(closed.paths.database, whole.substr(0, whole.size() / 2));
  const Result<> prepared = prepare(closed.paths, closed.clock);
  if (!prepared) {
    EXPECT_EQ(code_of(prepared), codes::database_damaged);
    return;
  }
  auto db = open(closed.paths);
  EXPECT_EQ(db ? code_of(check_whole(*db)) : code_of(db), codes::database_damaged);
}

TEST(Store, finds_a_garbled_page) {
  Closed closed;
  std::string garbled = bytes_of(closed.paths.database);
  ASSERT_GT(garbled.size(), 40u * 4096);
  for (std::size_t page = 5; page < 40; page += 5) {
    garbled.replace(page * 4096, 512, std::string(512, '\xA5'));
  }
  write(closed.paths.database, garbled);
  EXPECT_EQ(code_of(prepare(closed.paths, closed.clock)), codes::database_damaged);
  EXPECT_EQ(bytes_of(closed.paths.database), garbled);
}

TEST(Store, is_only_read_once_damage_was_found_until_a_backup_is_put_back) {
  Closed closed;
  const std::string backup = must(backup_now(closed.paths, closed.clock.now()));
  const std::string whole = bytes_of(closed.paths.database);
  std::string garbled = whole;
  garbled.replace(garbled.size() - 4096, 512, std::string(512, '\xA5'));
  write(closed.paths.database, garbled);
  EXPECT_EQ(code_of(prepare(closed.paths, closed.clock)), codes::database_damaged);
  EXPECT_EQ(code_of(require_undamaged(closed.paths)), codes::database_damaged);
  {
    auto db = must(open(closed.paths));
    EXPECT_EQ(code_of(set_integrity(db, 1, Integrity::missing)), codes::database_damaged);
  }
  EXPECT_EQ(bytes_of(closed.paths.database), garbled);
  must(restore_backup(closed.paths, backup, closed.clock.now()));
  must(prepare(closed.paths, closed.clock));
  must(require_undamaged(closed.paths));
  auto db = must(open(closed.paths));
  must(set_integrity(db, 1, Integrity::missing));
}

TEST(Store, survives_the_loss_of_its_shared_memory_file) {
  Closed closed;
  {
    auto db = must(open(closed.paths));
    Asking asking;
    asking.name = "late";
    must(ask_for_model(db, asking, closed.clock.now()));
  }
  std::filesystem::remove(closed.paths.database + "-shm");
  must(prepare(closed.paths, closed.clock));
  auto db = must(open(closed.paths));
  must(check_whole(db));
  EXPECT_TRUE(must(find_model_named(db, "late")));
}

TEST(Store, never_replays_a_stray_log_into_a_fresh_database) {
  Closed closed;
  {
    auto db = must(open(closed.paths));
    Asking asking;
    asking.name = "late";
    must(ask_for_model(db, asking, closed.clock.now()));
  }
  ASSERT_GT(std::filesystem::file_size(closed.paths.database + "-wal"), 0u);
  std::filesystem::remove(closed.paths.database);
  must(prepare(closed.paths, closed.clock));
  auto db = must(open(closed.paths));
  must(check_whole(db));
  EXPECT_FALSE(must(find_model_named(db, "late")));
}

TEST(Store, refuses_file_systems_that_lose_rows) {
  EXPECT_EQ(code_of(require_local_type(0x6969)), codes::state_not_local);
  EXPECT_EQ(code_of(require_local_type(0x65735546)), codes::state_not_local);
  EXPECT_EQ(code_of(require_local_type(0x00C36400)), codes::state_not_local);
  EXPECT_TRUE(require_local_type(0xEF53));
  EXPECT_TRUE(require_local_type(0x01021994));
  TempFolder folder;
  EXPECT_TRUE(require_local_disk(folder.path()));
}

TEST(Backup, can_be_put_back) {
  Closed closed;
  const std::string backup = must(backup_now(closed.paths, closed.clock.now()));
  {
    auto db = must(open(closed.paths));
    must(delete_model(db, "org_model-7", closed.clock.now()));
  }
  must(restore_backup(closed.paths, backup, closed.clock.now()));
  must(prepare(closed.paths, closed.clock));
  auto db = must(open(closed.paths));
  must(check_whole(db));
  EXPECT_TRUE(must(find_model_named(db, "org/model-7")));
}

TEST(Backup, holds_what_is_still_in_the_log) {
  Closed closed;
  auto db = must(open(closed.paths));
  Asking asking;
  asking.name = "late";
  must(ask_for_model(db, asking, closed.clock.now()));
  const std::string backup = must(backup_now(closed.paths, closed.clock.now()));
  sqlite::OpenOptions options;
  options.path = backup;
  options.write_lock_path = closed.paths.write_lock;
  auto copy = must(sqlite::Connection::open(options));
  must(check_whole(copy));
  EXPECT_TRUE(must(find_model_named(copy, "late")));
}

TEST(Backup, is_taken_daily_and_seven_are_kept) {
  Closed closed;
  EXPECT_TRUE(must(backup_if_due(closed.paths, closed.clock.now())));
  EXPECT_FALSE(must(backup_if_due(closed.paths, closed.clock.now())));
  for (int day = 0; day < 10; ++day) {
    closed.clock.advance_ms(25LL * 3600 * 1000);
    EXPECT_TRUE(must(backup_if_due(closed.paths, closed.clock.now())));
  }
  EXPECT_EQ(must(list_backups(closed.paths)).size(), static_cast<std::size_t>(kBackupsKept));
  closed.clock.set_now(Time{closed.clock.now().ms - 400LL * 24 * 3600 * 1000});
  EXPECT_TRUE(must(backup_if_due(closed.paths, closed.clock.now())));
}

TEST(Ballast, is_kept_and_given_back_once) {
  Closed closed;
  must(keep_ballast(closed.paths));
  must(keep_ballast(closed.paths));
  EXPECT_GT(std::filesystem::file_size(closed.paths.ballast), 0u);
  EXPECT_TRUE(drop_ballast(closed.paths));
  EXPECT_FALSE(drop_ballast(closed.paths));
}

}  // namespace
}  // namespace modelkeep::catalog
