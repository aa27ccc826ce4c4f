// The power goes: nothing after that moment reaches the disk, and what was not synced before is
// gone.
#include <random>

#include "tests/system/load.h"
#include "tests/system/machine.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

constexpr std::int64_t kMiB = 1 << 20;

class PowerCut : public RunningStore {
 protected:
  /// The power goes, the machine boots, the service starts.
  bool go_through_it(LoopMount& disk) {
    disk.cut_power();
    service().kill_everything();
    return disk.mount_again() && service().start();
  }
  bool start_on(LoopMount& disk, const std::vector<std::string>& hub_options = {}) {
    ServiceOptions options;
    options.mount = disk.path();
    return start(options, hub_options);
  }
};

TEST_F(PowerCut, F07_what_was_acknowledged_exists_after_it) {
  for (const char* kind : {"ext4", "xfs"}) {
    LoopMount disk(kind, 512);
    if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
    ASSERT_TRUE(start_on(disk, {"--rate-total", "1MB"}));
    const std::int64_t id = ask("test/medium");
    ASSERT_GT(id, 0);
    ASSERT_TRUE(go_through_it(disk));
    EXPECT_EQ(download(id).status, 200) << kind;
    EXPECT_EQ(model("test_medium").status, 200) << kind;
    // Asking was an event of its own, and events of changes survive as well.
    EXPECT_EQ(model("test_medium").number("model.stats.download_count"), 1) << kind;
    service().kill_everything();
  }
}

TEST_F(PowerCut, F06_a_download_goes_on_from_what_was_synced_and_is_right_in_the_end) {
  LoopMount disk("ext4", 512);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  ASSERT_TRUE(start_on(disk, {"--rate-total", "8MB"}));
  hub().add_repo("long/one", 24 * kMiB, 3);
  const std::int64_t id = ask("long/one");
  ASSERT_TRUE(wait_for_bytes(id, 8 * kMiB));
  ASSERT_TRUE(go_through_it(disk));
  ASSERT_TRUE(wait_for(id, "ready", 30'000));
  expect_whole(service());
  service().kill_everything();
}

TEST_F(PowerCut, F08_at_any_moment_of_writing_leaves_a_whole_database) {
  LoopMount disk("ext4", 512);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  std::mt19937 random(20260122);
  ASSERT_TRUE(start_on(disk));
  ASSERT_TRUE(fetch("test/tiny"));
  std::int64_t acknowledged = 0;
  for (int round = 0; round < 5; ++round) {
    Load load(service().url(), 4, [&](Client& client, int number, std::int64_t turn) {
      return client.put("/api/models/test_tiny", R"({"description":")" + std::string(3'000, 'p') +
                                                     std::to_string(turn) + std::to_string(number) +
                                                     "\"}");
    });
    system_clock().sleep_ms(300 + static_cast<std::int64_t>(random() % 500));
    disk.cut_power();
    acknowledged += static_cast<std::int64_t>(load.stop().well_answered.size());
    service().kill_everything();
    ASSERT_TRUE(disk.mount_again());
    expect_sound_database(service().layout());
    ASSERT_TRUE(service().start());
  }
  // The model's version grows with each acknowledged change.
  EXPECT_GE(model("test_tiny").number("model.stats.access_count"), acknowledged);
  EXPECT_EQ(model("test_tiny").text("model.status"), "ready");
  expect_whole(service());
  service().kill_everything();
}

TEST_F(PowerCut, F08_during_the_first_start_leaves_the_old_schema_or_the_new_one) {
  LoopMount disk("ext4", 512);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  ServiceOptions options;
  options.mount = disk.path();
  prepare(options);
  for (const std::int64_t delay_ms : {5, 20, 40, 80}) {
    ASSERT_TRUE(service().launch());
    system_clock().sleep_ms(delay_ms);
    disk.cut_power();
    service().kill_everything();
    ASSERT_TRUE(disk.mount_again());
  }
  ASSERT_TRUE(service().start());
  expect_whole(service());
  service().kill_everything();
}

}  // namespace
}  // namespace modelkeep::system_test
