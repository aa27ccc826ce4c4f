// A database that must not be used: the service says so, serves what it safely can, and leaves the
// file as it is for whoever repairs it.
#include <filesystem>
#include <fstream>
#include <functional>

#include "tests/system/database.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

class DamagedDatabase : public RunningStore {
 protected:
  std::string database() { return service().layout().database(); }

  /// Stops a store with one model, damages its database, starts it.
  void start_after(const std::function<void()>& damage) {
    ASSERT_TRUE(start());
    ASSERT_TRUE(fetch("test/tiny"));
    service().stop();
    OutsideDatabase(database()).run("PRAGMA wal_checkpoint(TRUNCATE)");
    damage();
    ASSERT_TRUE(service().launch());
  }

  /// It refuses to start, or serves with health 503; in both cases it names the code.
  void expect_refusal(const std::string& code) {
    std::string said;
    const bool refused = wait_until(
        [&] {
          if (!service().running()) return true;
          said = api().get("/api/health").code();
          return said == code;
        },
        10'000);
    EXPECT_TRUE(refused) << said;
    if (!service().running()) {
      EXPECT_NE(service().log().find(code), std::string::npos);
    }
  }

  void expect_left_alone(const std::function<void()>& damage, const std::string& code) {
    std::string as_damaged;
    start_after([&] {
      damage();
      as_damaged = sha256_of_file(database());
    });
    if (HasFatalFailure()) return;
    expect_refusal(code);
    service().kill_everything();
    EXPECT_EQ(sha256_of_file(database()), as_damaged);
  }
};

TEST_F(DamagedDatabase, F42_cut_in_half_is_refused_and_kept) {
  expect_left_alone([&] { fs::resize_file(database(), fs::file_size(database()) / 2); },
                    "database_damaged");
}

TEST_F(DamagedDatabase, F42_garbled_in_the_middle_is_refused_and_kept) {
  expect_left_alone(
      [&] {
        std::fstream file(database(), std::ios::in | std::ios::out | std::ios::binary);
        // Every page but the first: the schema is where the header says.
        for (std::uintmax_t at = 4096; at < fs::file_size(database()); at += 4096) {
          file.seekp(static_cast<std::streamoff>(at));
          file << std::string(2'000, 'x');
        }
      },
      "database_damaged");
}

TEST_F(DamagedDatabase, F42_emptied_is_damage_and_no_new_beginning) {
  expect_left_alone([&] { fs::resize_file(database(), 0); }, "database_damaged");
}

TEST_F(DamagedDatabase, F42_of_a_newer_program_is_refused_and_kept) {
  expect_left_alone(
      [&] {
        OutsideDatabase db(database());
        db.run("PRAGMA user_version = 999");
        db.run("PRAGMA wal_checkpoint(TRUNCATE)");
      },
      "database_newer");
}

TEST_F(DamagedDatabase, F42_of_another_program_is_refused_and_kept) {
  expect_left_alone(
      [&] {
        OutsideDatabase db(database());
        db.run("PRAGMA application_id = 12345");
        db.run("PRAGMA wal_checkpoint(TRUNCATE)");
      },
      "database_foreign");
}

}  // namespace
}  // namespace modelkeep::system_test
