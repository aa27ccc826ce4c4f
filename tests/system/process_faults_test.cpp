// kill -9 of each role while it works: the service answers again within a second, downloads go on
// within five, and what was answered stays counted.
#include <csignal>

#include <sys/resource.h>

#include "tests/system/load.h"
#include "tests/system/raw_http.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

constexpr std::int64_t kMiB = 1 << 20;
constexpr std::int64_t kAnswersAgainMs = 1'000;
constexpr std::int64_t kFetchesAgainMs = 5'000;

class ProcessFaults : public RunningStore {
 protected:
  bool start_with_a_download() {
    if (!start({}, {"--rate-total", "6MB"})) return false;
    hub().add_repo("long/one", 60 * kMiB, 3);
    download_ = ask("long/one");
    return wait_for_bytes(download_, 2 * kMiB);
  }

  /// How long after `fault` the last request failed; asks for three seconds.
  std::int64_t silent_ms_after(const std::function<void()>& fault) {
    fault();
    const Stopwatch since;
    std::int64_t last_failure_ms = 0;
    Client asking = service().client();
    asking.set_timeout_ms(2'000);
    while (since.ms() < 3'000) {
      const Answer answer = asking.get("/api/models?limit=5");
      if (answer.status != 200) last_failure_ms = since.ms();
      system_clock().sleep_ms(5);
    }
    return last_failure_ms;
  }

  void expect_survives_death_of(Role role) {
    ASSERT_TRUE(start_with_a_download());
    const std::size_t before = service().pids(role).size();
    ASSERT_GT(before, 0U);
    Stopwatch since_kill;
    std::int64_t bytes = 0;
    const std::int64_t silent_ms = silent_ms_after([&] {
      bytes = download(download_).number("download.bytes_done");
      since_kill = {};
      service().signal_role(role, SIGKILL);
    });
    EXPECT_LE(silent_ms, kAnswersAgainMs);
    EXPECT_TRUE(wait_for_bytes(download_, bytes + 2 * kMiB, kFetchesAgainMs - since_kill.ms()));
    EXPECT_TRUE(wait_until([&] { return service().pids(role).size() == before; }, 5'000));
    ASSERT_TRUE(wait_for(download_, "ready", 30'000));
    expect_whole(service());
  }

  std::int64_t download_ = 0;
};

TEST_F(ProcessFaults, F04_the_workers_may_die) {
  expect_survives_death_of(Role::worker);
}

TEST_F(ProcessFaults, the_pool_for_long_answers_may_die) {
  expect_survives_death_of(Role::long_worker);
}

TEST_F(ProcessFaults, F01_the_fetchers_may_die) {
  expect_survives_death_of(Role::fetcher);
}

TEST_F(ProcessFaults, the_master_of_nginx_may_die) {
  expect_survives_death_of(Role::nginx_master);
}

TEST_F(ProcessFaults, the_workers_of_nginx_may_die) {
  expect_survives_death_of(Role::nginx_worker);
}

TEST_F(ProcessFaults, F05_everything_may_die_at_once_and_the_next_start_is_clean) {
  ASSERT_TRUE(start_with_a_download());
  const std::int64_t bytes = download(download_).number("download.bytes_done");
  EXPECT_GT(bytes, 0);
  service().kill_everything();
  const Stopwatch since;
  ASSERT_TRUE(service().start());
  EXPECT_LT(since.ms(), 5'000);
  ASSERT_TRUE(wait_for(download_, "ready", 30'000));
  expect_whole(service());
}

TEST_F(ProcessFaults, F05_the_master_alone_may_die_and_a_new_one_takes_over) {
  ASSERT_TRUE(start_with_a_download());
  service().signal_master(SIGKILL);
  ASSERT_TRUE(service().start());
  ASSERT_TRUE(wait_for(download_, "ready", 30'000));
  expect_whole(service());
  const auto exit = service().stop();
  ASSERT_TRUE(exit.has_value());
}

TEST_F(ProcessFaults, F04_a_transfer_outlives_the_worker_that_allowed_it_and_resumes_by_range) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/medium"));
  const std::string target = "/api/models/test_medium/files/model.safetensors";
  auto slow = RawConnection::open(service().port());
  ASSERT_TRUE(slow.has_value());
  ASSERT_TRUE(slow->send(plain_request("GET", target, "X-Username: slow\r\n")));
  EXPECT_FALSE(slow->read_some(5'000).empty());
  service().signal_role(Role::worker, SIGKILL);
  std::size_t bytes = 0;
  for (std::string more; !(more = slow->read_some(5'000)).empty();) bytes += more.size();
  EXPECT_GT(bytes, 7U * kMiB);
  ASSERT_TRUE(service().wait_healthy(2'000));
  const Answer part = api().get(target, {{"Range", "bytes=8000000-8000099"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body.size(), 100U);
  // One by the transfer, one by the range.
  EXPECT_EQ(model("test_medium").number("model.stats.access_count"), 2);
}

TEST_F(ProcessFaults, F04_a_worker_killed_with_a_request_in_hand_costs_that_answer_alone) {
  ASSERT_TRUE(start());
  service().signal_role(Role::worker, SIGSTOP);
  auto waiting = RawConnection::open(service().port());
  ASSERT_TRUE(waiting.has_value());
  ASSERT_TRUE(waiting->send(
      plain_request("PUT", "/api/models/none", "Content-Type: application/json\r\n", "{}")));
  EXPECT_EQ(waiting->read_some(200), "");
  service().signal_role(Role::worker, SIGKILL);
  const RawAnswer answer = waiting->read_answer();
  EXPECT_TRUE(answer.status == 503 || answer.status == 404) << answer.head;
  if (answer.status == 503) {
    EXPECT_EQ(answer.code(), "service_unavailable");
    EXPECT_FALSE(answer.header("Retry-After").empty());
  }
  EXPECT_TRUE(service().wait_healthy(1'000));
}

TEST_F(ProcessFaults, F38_a_stopped_fetcher_keeps_its_download_and_finishes_it) {
  ASSERT_TRUE(start_with_a_download());
  service().signal_role(Role::fetcher, SIGSTOP);
  system_clock().sleep_ms(3'000);
  service().signal_role(Role::fetcher, SIGCONT);
  ASSERT_TRUE(wait_for(download_, "ready", 30'000));
  EXPECT_LE(hub().content_bytes("long/one"), 60 * kMiB + 8 * kMiB);
  expect_whole(service());
}

}  // namespace
}  // namespace modelkeep::system_test
