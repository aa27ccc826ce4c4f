// SIGHUP, SIGTERM and a restart of nginx while people use the store: nobody notices.
#include <csignal>

#include "tests/system/load.h"
#include "tests/system/raw_http.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

constexpr std::int64_t kMiB = 1 << 20;

class Reload : public RunningStore {
 protected:
  static Answer use(Client& client, int number, std::int64_t turn) {
    if (number == 0) {
      return client.put("/api/models/test_tiny",
                        R"({"description":")" + std::to_string(turn) + "\"}");
    }
    if (number == 1) return client.post("/api/models/download", asking("test/tiny"));
    return ask_a_mixture(client, number, turn);
  }

  void expect_no_failure(const LoadFigures& figures) {
    EXPECT_EQ(figures.failed, 0) << "of " << figures.sent;
    for (const std::string& failure : figures.failures) ADD_FAILURE() << failure;
    EXPECT_GT(figures.answered, 50);
  }
};

TEST_F(Reload, sighup_replaces_the_workers_without_a_failed_request) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  Load load(service().url(), 6, use);
  for (int round = 0; round < 3; ++round) {
    const auto before = service().pids(Role::worker);
    service().signal_master(SIGHUP);
    EXPECT_TRUE(wait_until(
        [&] {
          const auto now = service().pids(Role::worker);
          return now.size() == before.size() &&
                 std::none_of(now.begin(), now.end(), [&](pid_t pid) {
                   return std::find(before.begin(), before.end(), pid) != before.end();
                 });
        },
        20'000, 50));
  }
  const LoadFigures figures = load.stop();
  expect_no_failure(figures);
  EXPECT_EQ(figures.refused, 0);
  expect_whole(service());
}

TEST_F(Reload, sighup_leaves_a_transfer_and_a_download_alone) {
  ASSERT_TRUE(start({}, {"--rate-total", "8MB"}));
  ASSERT_TRUE(fetch("test/medium"));
  hub().add_repo("long/one", 24 * kMiB, 3);
  const std::int64_t id = ask("long/one");
  ASSERT_TRUE(wait_for_bytes(id, 2 * kMiB));
  auto slow = RawConnection::open(service().port());
  ASSERT_TRUE(slow.has_value());
  ASSERT_TRUE(slow->send(plain_request("GET", "/api/models/test_medium/files/model.safetensors")));
  std::size_t bytes = slow->read_some(5'000).size();
  service().signal_master(SIGHUP);
  system_clock().sleep_ms(1'500);
  for (std::string more; !(more = slow->read_some(5'000)).empty();) bytes += more.size();
  EXPECT_GT(bytes, 8U * kMiB);
  EXPECT_TRUE(wait_for(id, "ready", 30'000));
  EXPECT_LE(hub().content_bytes("long/one"), 24 * kMiB + 8 * kMiB);
}

TEST_F(Reload, F46_sigterm_finishes_what_was_asked_and_leaves_nobody) {
  ASSERT_TRUE(start({}, {"--rate-total", "4MB"}));
  ASSERT_TRUE(fetch("test/tiny"));
  hub().add_repo("long/one", 40 * kMiB, 3);
  const std::int64_t id = ask("long/one");
  ASSERT_TRUE(wait_for_bytes(id, 2 * kMiB));
  Load load(service().url(), 8, use);
  ASSERT_TRUE(wait_until([&] { return load.answered() > 100; }, 10'000));
  const Stopwatch since;
  const auto exit = service().stop();
  EXPECT_LE(since.ms(), 15'000);
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->status, 0);
  expect_no_failure(load.stop());
  expect_sound_database(service().layout());
}

TEST_F(Reload, F46_sigterm_does_not_wait_for_a_long_answer_to_run_out) {
  ASSERT_TRUE(start({}, {"--rate-total", "1MB"}));
  hub().add_repo("long/one", 60 * kMiB, 3);
  auto waiting = RawConnection::open(service().port());
  ASSERT_TRUE(waiting.has_value());
  ASSERT_TRUE(waiting->send(plain_request("POST", "/api/models/download",
                                          "Content-Type: application/json\r\n",
                                          asking("long/one", "\"wait\":true"))));
  ASSERT_TRUE(wait_until([&] { return api().get("/api/downloads").number("total") == 1; }, 5'000));
  service().signal_master(SIGTERM);
  EXPECT_EQ(waiting->read_answer(15'000).status, 202);
  const auto exit = service().stop(15'000);
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->status, 0);
}

TEST_F(Reload, F47_a_reload_of_nginx_alone_is_not_noticed) {
  ASSERT_TRUE(start());
  Load load(service().url(), 4, ask_a_mixture);
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(service().signal_role(Role::nginx_master, SIGHUP), 1);
    system_clock().sleep_ms(300);
  }
  expect_no_failure(load.stop());
}

TEST_F(Reload, F47_while_the_workers_are_away_nginx_answers_in_json_and_then_all_is_well) {
  ASSERT_TRUE(start());
  service().signal_role(Role::worker, SIGSTOP);
  // Stopped workers hold their connections; a dead one is restarted at once. So they are killed
  // again and again for a moment.
  const Stopwatch since;
  bool saw_refusal = false;
  while (since.ms() < 1'500) {
    service().signal_role(Role::worker, SIGKILL);
    Client asking = service().client();
    asking.set_timeout_ms(1'000);
    const Answer answer = asking.get("/api/models");
    if (answer.status == 0 || answer.status == 200) continue;
    saw_refusal = true;
    EXPECT_EQ(answer.status, 503) << answer.brief();
    EXPECT_TRUE(answer.is_json()) << answer.brief();
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_FALSE(answer.header("Retry-After").empty());
  }
  EXPECT_TRUE(saw_refusal);
  EXPECT_TRUE(service().wait_healthy(15'000));
}

}  // namespace
}  // namespace modelkeep::system_test
