// Stopping, going on and giving up, by hand and by a restart of the service.
#include <csignal>
#include <filesystem>

#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMiB = 1 << 20;

class QueueControl : public RunningStore {
 protected:
  Answer steer(std::int64_t id, const std::string& verb) {
    return api().post("/api/downloads/" + std::to_string(id) + "/" + verb);
  }
  /// Fast enough to be over soon, slow enough to be met half-way.
  bool start_slow() {
    if (!start({}, {"--rate-total", "8MB"})) return false;
    hub().add_repo("slow/one", 24 * kMiB, 7);
    return true;
  }
};

TEST_F(QueueControl, pause_stops_the_bytes_and_resume_goes_on_where_it_was) {
  ASSERT_TRUE(start_slow());
  const std::int64_t id = ask("slow/one");
  ASSERT_TRUE(wait_for_bytes(id, 8 * kMiB));
  EXPECT_EQ(steer(id, "pause").status, 200);
  EXPECT_EQ(download(id).text("download.status"), "paused");
  // The transfer looks at its row about twice a second.
  std::int64_t sent = -1;
  EXPECT_TRUE(wait_until(
      [&] {
        const std::int64_t before = std::exchange(sent, hub().content_bytes("slow/one"));
        return sent == before;
      },
      5'000, 700));
  EXPECT_EQ(steer(id, "resume").status, 200);
  EXPECT_TRUE(wait_for(id, "ready"));
  EXPECT_LE(hub().content_bytes("slow/one"), 24 * kMiB + 8 * kMiB);
  expect_whole(service());
}

TEST_F(QueueControl, pausing_twice_is_fine_and_resuming_what_is_ready_is_a_conflict) {
  ASSERT_TRUE(start_slow());
  const std::int64_t id = ask("slow/one");
  EXPECT_EQ(steer(id, "pause").status, 200);
  EXPECT_EQ(steer(id, "pause").status, 200);
  EXPECT_EQ(steer(id, "resume").status, 200);
  ASSERT_TRUE(wait_for(id, "ready"));
  const Answer answer = steer(id, "resume");
  EXPECT_EQ(answer.status, 409) << answer.brief();
  EXPECT_EQ(answer.code(), "state_conflict");
}

TEST_F(QueueControl, cancelling_the_first_download_takes_the_model_and_its_parts_with_it) {
  ASSERT_TRUE(start_slow());
  const std::int64_t id = ask("slow/one");
  ASSERT_TRUE(wait_for_bytes(id, 4 * kMiB));
  EXPECT_EQ(steer(id, "cancel").status, 200);
  EXPECT_EQ(model("slow_one").status, 404);
  EXPECT_EQ(download(id).text("download.status"), "cancelled");
  EXPECT_TRUE(wait_until([&] { return !fs::exists(service().layout().staging_dir(id)); }, 5'000));
  EXPECT_FALSE(fs::exists(service().mount() + "/slow_one"));
  ASSERT_TRUE(fetch("slow/one"));
  expect_whole(service());
}

TEST_F(QueueControl, an_unknown_download_is_404_and_a_wrong_number_400) {
  ASSERT_TRUE(start());
  EXPECT_EQ(download(99).code(), "download_not_found");
  EXPECT_EQ(steer(99, "pause").status, 404);
  EXPECT_EQ(api().get("/api/downloads/one").code(), "download_id_invalid");
}

TEST_F(QueueControl, a_restart_in_the_middle_goes_on_where_it_was) {
  ASSERT_TRUE(start_slow());
  const std::int64_t id = ask("slow/one");
  ASSERT_TRUE(wait_for_bytes(id, 12 * kMiB));
  const auto exit = service().stop();
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->status, 0);
  ASSERT_TRUE(service().start());
  ASSERT_TRUE(wait_for(id, "ready"));
  // What was in flight in the sockets at the stop may come again.
  EXPECT_LE(hub().content_bytes("slow/one"), 24 * kMiB + 6 * kMiB);
  expect_whole(service());
}

TEST_F(QueueControl, the_queue_survives_a_restart_in_its_order) {
  ASSERT_TRUE(start_slow());
  for (int i = 0; i < 4; ++i) hub().add_repo("queued/m" + std::to_string(i), kMiB, 100 + i);
  const std::int64_t first = ask("slow/one");
  for (int i = 0; i < 4; ++i) ask("queued/m" + std::to_string(i));
  service().kill_everything();
  ASSERT_TRUE(service().start());
  EXPECT_EQ(api().get("/api/downloads").number("total"), 5);
  for (std::int64_t id = first; id < first + 5; ++id) EXPECT_TRUE(wait_for(id, "ready"));
  expect_whole(service());
}

TEST_F(QueueControl, no_more_run_at_once_than_the_limit_says) {
  ServiceOptions options;
  options.environment["MODELKEEP_FETCHERS"] = "4";
  options.environment["MODELKEEP_LIMITS_DOWNLOADS"] = "2";
  ASSERT_TRUE(start(options, {"--rate-total", "8MB"}));
  for (int i = 0; i < 5; ++i) hub().add_repo("limit/m" + std::to_string(i), 4 * kMiB, 200 + i);
  for (int i = 0; i < 5; ++i) ask("limit/m" + std::to_string(i));
  std::size_t most = 0;
  const bool all_ready = wait_until(
      [&] {
        const Answer list = api().get("/api/downloads");
        std::size_t running = 0;
        std::size_t ready = 0;
        for (std::size_t i = 0; i < list.size("downloads"); ++i) {
          const std::string status = list.text("downloads." + std::to_string(i) + ".status");
          if (status == "downloading" || status == "resolving") ++running;
          if (status == "ready") ++ready;
        }
        most = std::max(most, running);
        return ready == 5;
      },
      20'000);
  EXPECT_TRUE(all_ready);
  EXPECT_EQ(most, 2U);
}

}  // namespace
}  // namespace modelkeep::system_test
