// The database under attack: a disk that does not sync, a foreign writer, a damaged file, writers
// all at once.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <vector>

#include "tests/system/database.h"
#include "tests/system/load.h"
#include "tests/system/machine.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

class DatabaseFaults : public RunningStore {
 protected:
  std::string database() { return service().layout().database(); }
};

TEST_F(DatabaseFaults, F10_a_commit_that_cannot_be_synced_is_refused_and_not_half_there) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  // Askings for models are answered by the long pool.
  std::vector<pid_t> answering = service().pids(Role::worker);
  for (const pid_t pid : service().pids(Role::long_worker)) answering.push_back(pid);
  CallFaults faults(answering, "fdatasync:error=EIO", service().scratch() + "/strace.log");
  if (!faults.why_not().empty()) GTEST_SKIP() << faults.why_not();
  const Answer refused = api().post("/api/models/download", asking("test/medium"));
  EXPECT_EQ(refused.status, 503) << refused.brief();
  EXPECT_EQ(refused.code(), "database_unavailable");
  EXPECT_FALSE(refused.header("Retry-After").empty());
  EXPECT_EQ(api().get("/api/models/test_tiny").status, 200) << "reads go on";
  faults.end();
  EXPECT_EQ(model("test_medium").status, 404);
  EXPECT_TRUE(fetch("test/medium"));
  expect_whole(service());
}

TEST_F(DatabaseFaults, F41_while_a_foreign_writer_sits_on_it_reads_go_on_and_writes_say_when) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  const std::int64_t before = model("test_tiny").number("model.stats.access_count");
  OutsideDatabase outside(database());
  outside.run("BEGIN IMMEDIATE");
  std::int64_t slowest_ms = 0;
  for (int i = 0; i < 20; ++i) {
    const Stopwatch watch;
    EXPECT_EQ(model("test_tiny").status, 200);
    slowest_ms = std::max(slowest_ms, watch.ms());
  }
  EXPECT_LE(slowest_ms, 1'000);
  EXPECT_EQ(api().get("/api/health").status, 200);
  const Stopwatch watch;
  const Answer refused = api().post("/api/models/download", asking("test/medium"));
  EXPECT_EQ(refused.status, 503) << refused.brief();
  EXPECT_EQ(refused.code(), "database_unavailable");
  EXPECT_FALSE(refused.header("Retry-After").empty());
  EXPECT_LE(watch.ms(), 15'000);
  outside.run("ROLLBACK");
  EXPECT_EQ(api().post("/api/models/download", asking("test/medium")).status, 202);
  // The 20 reads, the first one and the one that asks.
  EXPECT_EQ(model("test_tiny").number("model.stats.access_count"), before + 21);
  expect_whole(service());
}

TEST_F(DatabaseFaults, F43_a_shared_memory_file_deleted_while_it_runs_harms_nothing_lasting) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  fs::remove(database() + "-shm");
  for (int i = 0; i < 20; ++i) api().put("/api/models/test_tiny", R"({"description":"x"})");
  service().kill_everything();
  ASSERT_TRUE(service().start());
  EXPECT_EQ(model("test_tiny").text("model.status"), "ready");
  expect_whole(service());
}

TEST_F(DatabaseFaults, F43_strays_beside_a_database_that_was_closed_are_not_taken_for_its_log) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  service().stop();
  OutsideDatabase(database()).run("PRAGMA wal_checkpoint(TRUNCATE)");
  for (const char* suffix : {"-wal", "-shm"}) {
    std::ofstream(database() + suffix, std::ios::binary) << std::string(70'000, 'w');
  }
  ASSERT_TRUE(service().start());
  EXPECT_EQ(model("test_tiny").text("model.status"), "ready");
  expect_whole(service());
}

TEST_F(DatabaseFaults, F44_eight_writers_and_many_checkpoints_leave_it_whole) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  const std::string long_text(3'900, 'd');
  Load load(service().url(), 8, [&](Client& client, int number, std::int64_t turn) {
    return client.put("/api/models/test_tiny", R"({"description":")" + std::to_string(number) +
                                                   "-" + std::to_string(turn) + long_text + "\"}");
  });
  const Stopwatch watch;
  std::uintmax_t largest = 0;
  while (watch.ms() < 6'000) {
    std::error_code ignored;
    largest = std::max(largest, fs::file_size(database() + "-wal", ignored));
    system_clock().sleep_ms(50);
  }
  const LoadFigures figures = load.stop();
  EXPECT_EQ(figures.failed, 0);
  for (const std::string& failure : figures.failures) ADD_FAILURE() << failure;
  EXPECT_GT(figures.answered, 100);
  EXPECT_LT(largest, std::uintmax_t{32} << 20) << "the log is not checkpointed";
  expect_whole(service());
}

TEST_F(DatabaseFaults, F53_a_backup_taken_while_all_write_can_be_put_back) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  service().stop();
  fs::remove_all(service().layout().backups_dir());
  ASSERT_TRUE(service().launch());
  Load load(service().url(), 6, [](Client& client, int number, std::int64_t turn) {
    return client.put("/api/models/test_tiny",
                      R"({"description":")" + std::to_string(number + turn) + "\"}");
  });
  const auto backups = [&] {
    std::vector<std::string> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(service().layout().backups_dir(), ignored)) {
      if (entry.path().extension() == ".db") found.push_back(entry.path().string());
    }
    return found;
  };
  EXPECT_TRUE(wait_until([&] { return !backups().empty(); }, 20'000));
  load.stop();
  ASSERT_FALSE(backups().empty());
  OutsideDatabase backup(backups().front());
  EXPECT_EQ(backup.text("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(backup.text("SELECT status FROM models WHERE id = 'test_tiny'"), "ready");
}

}  // namespace
}  // namespace modelkeep::system_test
