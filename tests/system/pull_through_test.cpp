// Models that are not stored, asked for at the hub door: through the real nginx, workers and
// fetchers, from a hub that is slow, wrong, or gone.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "base/digest.h"
#include "tests/system/raw_http.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

constexpr std::int64_t kPatienceMs = 60'000;
constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

class PullThrough : public RunningStore {
 protected:
  void SetUp() override { ASSERT_TRUE(start({}, {"--rate-total", "8000000"})); }

  std::string target(const std::string& repo, const std::string& file = "model.bin") {
    return "/hf/" + repo + "/resolve/main/" + file;
  }
  RawAnswer raw(const std::string& at, const std::string& lines = {},
                const std::string& method = "GET") {
    return exchange(service().port(), plain_request(method, at, lines), kPatienceMs);
  }
  static bool is_right(const RawAnswer& answer) {
    return '"' + sha256_hex(answer.body) + '"' == answer.header("ETag");
  }
};

TEST_F(PullThrough, metadata_moves_no_byte_of_a_file) {
  hub().add_repo("big/one", 20 * kMiB);
  EXPECT_EQ(raw("/hf/api/models/big/one/revision/main").status, 200);
  EXPECT_EQ(raw("/hf/api/models/big/one/tree/main?recursive=true").status, 200);
  const RawAnswer head = raw(target("big/one"), {}, "HEAD");
  EXPECT_EQ(head.header("Content-Length"), std::to_string(20 * kMiB));
  EXPECT_EQ(hub().content_requests("big/one"), 0);
  EXPECT_EQ(api().get("/api/models/big_one").status, 404);
  const RawAnswer none = raw("/hf/api/models/big/none");
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(none.header("X-Error-Code"), "RepoNotFound");
}

TEST_F(PullThrough, many_clients_cost_one_transfer_and_get_the_right_bytes) {
  hub().add_repo("big/one", 20 * kMiB);
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 20; ++i) {
      clients.emplace_back([&] {
        const RawAnswer answer = raw(target("big/one"));
        if (answer.status == 200 && answer.whole && is_right(answer)) ++right;
      });
    }
  }
  EXPECT_EQ(right, 20);
  EXPECT_EQ(hub().content_bytes("big/one"), static_cast<std::int64_t>(20 * kMiB));
  // Afterwards it is a model like any other, without what nobody asked for.
  ASSERT_TRUE(wait_until([&] { return model("big_one").text("model.status") == "ready"; }, 20'000));
  EXPECT_FALSE(model("big_one").flag("model.complete"));
  const RawAnswer again = raw(target("big/one"));
  EXPECT_TRUE(is_right(again));
  EXPECT_EQ(hub().content_bytes("big/one"), static_cast<std::int64_t>(20 * kMiB));
}

TEST_F(PullThrough, a_range_in_the_middle_comes_first) {
  hub().add_repo("big/one", 40 * kMiB);
  const auto begin = std::chrono::steady_clock::now();
  const RawAnswer part = raw(target("big/one"), "Range: bytes=30000000-30000999\r\n");
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body.size(), 1'000U);
  EXPECT_EQ(part.header("Content-Range"), "bytes 30000000-30000999/" + std::to_string(40 * kMiB));
  // All of it takes five seconds.
  EXPECT_LT(took, std::chrono::seconds(4));
  EXPECT_EQ(raw(target("big/one"), "Range: bytes=99999999999-\r\n").status, 416);
}

TEST_F(PullThrough, wrong_bytes_are_never_a_complete_file) {
  hub().add_repo("big/wrong", 10 * kMiB);
  hub().add_fault(
      R"({"kind":"flip","match":"big/wrong/model","call":"content","at":1000,"times":1})");
  const RawAnswer broken = raw(target("big/wrong"));
  EXPECT_FALSE(broken.whole);
  // Who goes on behind the wrong bytes is given all of them anew.
  const RawAnswer resumed = raw(target("big/wrong"), "Range: bytes=5000000-\r\n");
  EXPECT_EQ(resumed.status, 200);
  EXPECT_TRUE(is_right(resumed));
  ASSERT_TRUE(
      wait_until([&] { return model("big_wrong").text("model.status") == "ready"; }, 20'000));
  EXPECT_EQ(raw(target("big/wrong"), "Range: bytes=5000000-\r\n").status, 200);
}

TEST_F(PullThrough, a_fetch_that_fails_breaks_the_transfer) {
  hub().add_repo("big/bad", 4 * kMiB);
  hub().add_fault(
      R"({"kind":"flip","match":"big/bad/model","call":"content","at":1000,"times":-1})");
  const RawAnswer broken = raw(target("big/bad"));
  EXPECT_FALSE(broken.whole);
  const RawAnswer later = raw(target("big/bad"));
  EXPECT_EQ(later.status, 503);
  EXPECT_FALSE(later.header("Retry-After").empty());
  EXPECT_EQ(later.header("X-Error-Code"), "DownloadFailed");
}

TEST_F(PullThrough, followers_outlive_the_fetcher) {
  hub().add_repo("big/one", 30 * kMiB);
  RawAnswer answer;
  std::jthread client([&] { answer = raw(target("big/one")); });
  ASSERT_TRUE(wait_until([&] { return hub().content_bytes("big/one") > 4'000'000; }, 20'000));
  EXPECT_GT(service().signal_role(Role::fetcher, SIGKILL), 0);
  client.join();
  EXPECT_TRUE(answer.whole);
  EXPECT_TRUE(is_right(answer));
}

TEST_F(PullThrough, a_paused_download_breaks_its_streams_and_says_so) {
  hub().add_repo("big/one", 30 * kMiB);
  RawAnswer answer;
  std::jthread client([&] { answer = raw(target("big/one")); });
  ASSERT_TRUE(wait_until([&] { return hub().content_bytes("big/one") > 1'000'000; }, 20'000));
  const std::string id =
      std::to_string(api().get("/api/downloads?limit=1").number("downloads.0.id"));
  EXPECT_EQ(api().post("/api/downloads/" + id + "/pause", "{}").status, 200);
  client.join();
  EXPECT_FALSE(answer.whole);
  const RawAnswer waiting = raw(target("big/one"));
  EXPECT_EQ(waiting.status, 503);
  EXPECT_FALSE(waiting.header("Retry-After").empty());
  EXPECT_EQ(api().post("/api/downloads/" + id + "/resume", "{}").status, 200);
  EXPECT_TRUE(is_right(raw(target("big/one"))));
}

TEST_F(PullThrough, slow_streams_delay_nobody_and_take_little) {
  hub().add_repo("big/one", 60 * kMiB);
  // They ask, and then read nothing.
  std::vector<RawConnection> clients;
  for (int i = 0; i < 200; ++i) {
    auto client = RawConnection::open(service().port());
    ASSERT_TRUE(client);
    ASSERT_TRUE(client->send(plain_request("GET", target("big/one"))));
    clients.push_back(std::move(*client));
  }
  ASSERT_TRUE(wait_until([&] { return hub().content_bytes("big/one") > 20'000'000; }, kPatienceMs));
  std::vector<std::int64_t> took_ms;
  for (int i = 0; i < 50; ++i) {
    const Stopwatch watch;
    EXPECT_EQ(api().get("/api/health").status, 200);
    took_ms.push_back(watch.ms());
  }
  std::sort(took_ms.begin(), took_ms.end());
  EXPECT_LT(took_ms[45], 50);
  for (const pid_t pid : service().pids(Role::stream_worker))
    EXPECT_LT(resident_kib(pid), 64U << 10);
  clients.clear();
  // The fetch goes on without them.
  EXPECT_TRUE(
      wait_until([&] { return model("big_one").text("model.status") == "ready"; }, kPatienceMs));
}

}  // namespace
}  // namespace modelkeep::system_test
