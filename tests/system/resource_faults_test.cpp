// The service without what it needs: descriptors, a start that works, its own folders.
#include <csignal>
#include <filesystem>
#include <fstream>

#include <sys/resource.h>

#include "tests/system/load.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

class ResourceFaults : public RunningStore {
 protected:
  /// What a process may have open; the number there was.
  rlim_t limit_descriptors(pid_t pid, rlim_t most) {
    rlimit before{};
    EXPECT_EQ(prlimit(pid, RLIMIT_NOFILE, nullptr, &before), 0);
    const rlimit after{most, before.rlim_max};
    EXPECT_EQ(prlimit(pid, RLIMIT_NOFILE, &after, nullptr), 0);
    return before.rlim_cur;
  }
};

TEST_F(ResourceFaults, F50_workers_without_descriptors_refuse_and_recover) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  rlim_t usual = 0;
  const auto workers = service().pids(Role::worker);
  for (const pid_t pid : workers) {
    usual = limit_descriptors(pid, open_descriptors(pid));
  }
  Load load(service().url(), 12, ask_a_mixture);
  system_clock().sleep_ms(2'000);
  for (const pid_t pid : workers) limit_descriptors(pid, usual);
  const Stopwatch since;
  EXPECT_TRUE(wait_until([&] { return api().get("/api/models/test_tiny").status == 200; }, 5'000));
  load.stop();
  // Nobody died of it.
  EXPECT_EQ(service().pids(Role::worker), workers);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(api().get("/api/models/test_tiny").status, 200);
  expect_whole(service());
}

TEST_F(ResourceFaults, F50_a_fetcher_without_descriptors_gets_its_download_done_afterwards) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(wait_until(
      [&] { return api().get("/api/health").number("checks.fetchers.running") == 2; }, 5'000));
  rlim_t usual = 0;
  const auto fetchers = service().pids(Role::fetcher);
  for (const pid_t pid : fetchers) usual = limit_descriptors(pid, open_descriptors(pid));
  const std::int64_t id = ask("test/many-files");
  system_clock().sleep_ms(1'500);
  EXPECT_NE(download(id).text("download.status"), "ready");
  for (const pid_t pid : fetchers) limit_descriptors(pid, usual);
  const Answer seen = download(id);
  if (seen.text("download.status") == "failed") {
    EXPECT_FALSE(seen.text("download.error").empty());
    api().post("/api/downloads/" + std::to_string(id) + "/retry");
  }
  ASSERT_TRUE(wait_for(id, "ready", 40'000));
  expect_whole(service());
}

TEST_F(ResourceFaults, F48_workers_that_cannot_start_are_tried_slower_and_health_says_why) {
  ASSERT_TRUE(start());
  const std::string journal = service().layout().journal_dir();
  fs::rename(journal, journal + "-away");
  // A worker cannot start without a place to record its answers in.
  std::ofstream(journal) << "in the way";
  service().signal_role(Role::worker, SIGKILL);
  Answer health;
  EXPECT_TRUE(wait_until(
      [&] {
        health = api().get("/api/health");
        return health.status == 503 && !health.text("error").empty();
      },
      15'000, 100))
      << health.brief();
  EXPECT_TRUE(health.is_json()) << health.brief();
  EXPECT_TRUE(service().running());
  EXPECT_TRUE(wait_until(
      [&] {
        return api().get("/api/health").text("checks").size() +
                   api().get("/api/health").body.find("worker") !=
               std::string::npos;
      },
      5'000));
  fs::remove(journal);
  fs::rename(journal + "-away", journal);
  EXPECT_TRUE(service().wait_healthy(35'000));
  expect_whole(service());
}

TEST_F(ResourceFaults, F18_a_mount_that_vanished_is_named_and_nothing_is_written_into_its_place) {
  ServiceOptions options;
  options.state_dir.clear();
  prepare();
  const std::string state = service().scratch() + "/state";
  options.state_dir = state;
  ASSERT_TRUE(start(options));
  ASSERT_TRUE(fetch("test/tiny"));
  const std::string mount = service().mount();
  fs::rename(mount, mount + "-away");
  fs::create_directories(mount);
  Answer health;
  EXPECT_TRUE(wait_until(
      [&] {
        health = api().get("/api/health");
        return health.status == 503;
      },
      5'000));
  EXPECT_EQ(health.code(), "storage_missing") << health.brief();
  ask("test/medium");
  system_clock().sleep_ms(1'500);
  EXPECT_TRUE(fs::is_empty(mount)) << "something was written to the bare mount point";
  fs::remove_all(mount);
  fs::rename(mount + "-away", mount);
  EXPECT_TRUE(service().wait_healthy(5'000));
}

}  // namespace
}  // namespace modelkeep::system_test
