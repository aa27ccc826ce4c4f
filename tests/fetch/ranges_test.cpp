// One file over many connections, and several downloads that share a machine's limits.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "tests/fetch/fetch_fixture.h"

namespace modelkeep::fetch {
namespace {

using standin::Call;
using standin::Content;
using standin::RepoBuilder;

constexpr std::uint64_t kMiB = 1 << 20;
constexpr auto kCdn = static_cast<std::size_t>(standin::Port::cdn);

class RangesTest : public FetchTest {
 protected:
  void slow_hub(std::uint64_t bytes_per_second) {
    hub_ = must(standin::StandinHub::start({.rate_per_connection = bytes_per_second}));
    config_.upstream.endpoint = hub_->url();
  }
  void add(const std::string& repo, std::uint64_t size_bytes, int small_files = 0) {
    RepoBuilder builder(repo);
    builder.lfs("model.bin", Content::generated(size_bytes, size_bytes));
    for (int i = 0; i < small_files; ++i) {
      builder.lfs("small-" + std::to_string(i) + ".bin",
                  Content::generated(static_cast<std::uint64_t>(i) + 1, 1'000));
    }
    hub_->repos().add(builder.build());
  }
  std::uint64_t cdn_bytes() { return hub_->log().calls["cdn"].body_bytes; }
};

TEST_F(RangesTest, a_large_file_comes_over_several_connections_and_each_byte_once) {
  slow_hub(8 * kMiB);
  add("large/one", 40 * kMiB + 12'345);
  EXPECT_EQ(status_of(bring("large/one")), "ready");
  expect_whole("large_one", "large/one");
  const auto log = hub_->log();
  EXPECT_EQ(cdn_bytes(), 40 * kMiB + 12'345);
  // The Hub says once where the file lies; the other ranges go there at once.
  EXPECT_EQ(log.count(Call::resolve), 1U);
  EXPECT_GE(log.ports[kCdn].open_peak, 8U);
  EXPECT_EQ(log.token_leaks, 0U);
  EXPECT_TRUE(staged().empty());
}

TEST_F(RangesTest, connections_are_used_again) {
  add("small/many", 1'000, 300);
  EXPECT_EQ(status_of(bring("small/many")), "ready");
  expect_whole("small_many", "small/many");
  EXPECT_LE(hub_->log().ports[kCdn].connections, 20U);
}

TEST_F(RangesTest, small_files_do_not_wait_behind_a_large_one) {
  slow_hub(4 * kMiB);
  add("mixed/one", 32 * kMiB, 40);
  EXPECT_EQ(status_of(bring("mixed/one")), "ready");
  expect_whole("mixed_one", "mixed/one");
  const auto requests = hub_->log().requests;
  std::size_t last_small = 0;
  std::size_t last_large = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (requests[i].call != Call::cdn) continue;
    (requests[i].path == "model.bin" ? last_large : last_small) = i;
  }
  EXPECT_LT(last_small, last_large);
}

TEST_F(RangesTest, a_limit_of_connections_holds) {
  slow_hub(8 * kMiB);
  add("large/one", 32 * kMiB);
  config_.limits = [](sqlite::Connection&) { return Limits{.connections = 3}; };
  EXPECT_EQ(status_of(bring("large/one")), "ready");
  EXPECT_LE(hub_->log().ports[kCdn].open_peak, 3U);
}

TEST_F(RangesTest, a_limit_of_bytes_holds_and_may_be_lifted_meanwhile) {
  add("large/one", 32 * kMiB);
  std::atomic<bool> lifted = false;
  const std::int64_t begun_ms = system_clock().mono_ms();
  config_.limits = [&](sqlite::Connection&) {
    if (system_clock().mono_ms() - begun_ms > 2'000) lifted = true;
    return Limits{.bytes_per_second = lifted ? 0 : 2 * kMiB};
  };
  EXPECT_EQ(status_of(bring("large/one")), "ready");
  // At 2 MiB/s all of it would take sixteen seconds.
  const std::int64_t took_ms = system_clock().mono_ms() - begun_ms;
  EXPECT_GE(took_ms, 2'000);
  EXPECT_LT(took_ms, 12'000);
  EXPECT_TRUE(lifted);
}

TEST_F(RangesTest, two_downloads_share_one_limit_of_bytes) {
  add("large/one", 4 * kMiB);
  add("large/two", 4 * kMiB + 1);
  config_.limits = [](sqlite::Connection&) { return Limits{.bytes_per_second = 4 * kMiB}; };
  const std::int64_t one = ask(std::string("large/one"));
  const std::int64_t two = ask(std::string("large/two"));
  const std::int64_t begun_ms = system_clock().mono_ms();
  {
    auto other_db = must(catalog::open(config_.state));
    const std::jthread other([&] {
      const auto claimed = must(catalog::claim_next_queued(other_db, system_clock().now()));
      const auto lock = must(FileLock::try_take(layout().download_lock(claimed->id)));
      must(run_job(around_, other_db, *claimed, {}));
    });
    take_turn();
  }
  EXPECT_EQ(status_of(row(one)), "ready");
  EXPECT_EQ(status_of(row(two)), "ready");
  EXPECT_GE(system_clock().mono_ms() - begun_ms, 1'200);
}

TEST_F(RangesTest, F22_only_what_is_wrong_is_written_again) {
  config_.ranges = {kMiB, 256 << 10, kMiB};
  add("large/one", 16 * kMiB);
  for (const char* places : {"0", "9000000", "16777215"}) {
    fault(std::string(R"({"kind":"flip","match":"large/one","count":1,"at":)") + places + "}");
  }
  EXPECT_EQ(status_of(bring("large/one")), "ready");
  expect_whole("large_one", "large/one");
  EXPECT_LE(cdn_bytes(), 2 * 16 * kMiB);
}

TEST_F(RangesTest, F22_an_early_piece_that_is_wrong_ends_the_search_early) {
  config_.ranges = {kMiB, 256 << 10, kMiB};
  slow_hub(16 * kMiB);
  add("large/one", 32 * kMiB);
  fault(R"({"kind":"flip","match":"large/one","at":1000})");
  EXPECT_EQ(status_of(bring("large/one")), "ready");
  expect_whole("large_one", "large/one");
  EXPECT_LT(cdn_bytes(), 60 * kMiB);
}

TEST_F(RangesTest, F22_a_late_piece_that_is_wrong_costs_little_more_than_itself) {
  config_.ranges = {kMiB, 256 << 10, kMiB};
  slow_hub(4 * kMiB);
  add("large/one", 64 * kMiB);
  fault(R"({"kind":"flip","match":"large/one","at":67000000})");
  EXPECT_EQ(status_of(bring("large/one")), "ready");
  expect_whole("large_one", "large/one");
  // The pieces at both ends, and those that were on their way when it was found.
  EXPECT_LT(cdn_bytes(), 64 * kMiB + 8 * kMiB);
}

TEST_F(RangesTest, F25_one_expired_address_is_one_expiry_for_all_connections) {
  config_.ranges = {kMiB, 256 << 10, kMiB};
  slow_hub(4 * kMiB);
  add("large/one", 16 * kMiB);
  fault(R"({"kind":"expired_url","match":"large/one","skip":3,"times":6})");
  EXPECT_EQ(status_of(bring("large/one")), "ready");
  expect_whole("large_one", "large/one");
  EXPECT_LE(hub_->log().count(Call::resolve), 5U);
}

TEST_F(RangesTest, F28_a_connection_that_is_left_behind_is_replaced) {
  config_.ranges = {kMiB, 256 << 10, kMiB};
  slow_hub(2 * kMiB);
  add("large/one", 48 * kMiB);
  fault(R"({"kind":"drip","match":"large/one","after_bytes":1000,"bytes_per_s":10,"skip":2})");
  const std::int64_t begun_ms = system_clock().mono_ms();
  EXPECT_EQ(status_of(bring("large/one")), "ready");
  // Long before the patience with a connection of its own would have ended.
  EXPECT_LT(system_clock().mono_ms() - begun_ms, 25'000);
}

// Any mixture of what an upstream can do to a range. The seed is in the trace of a failure.
TEST_F(RangesTest, F28_the_last_range_of_a_slow_connection_is_shared_by_the_others) {
  config_.ranges = {kMiB, 256 << 10, 4 * kMiB};
  slow_hub(4 * kMiB);
  add("large/one", 32 * kMiB);
  fault(R"({"kind":"drip","match":"large/one","after_bytes":1000,"bytes_per_s":300000,"skip":5})");
  const std::int64_t begun_ms = system_clock().mono_ms();
  EXPECT_EQ(status_of(bring("large/one")), "ready");
  expect_whole("large_one", "large/one");
  // Before it counts as left behind in the middle of a transfer.
  EXPECT_LT(system_clock().mono_ms() - begun_ms, 4'500);
}

TEST_F(RangesTest, many_small_files_far_away_get_all_the_connections_that_bring_more) {
  hub_ = must(standin::StandinHub::start({.delay_ms = 20}));
  config_.upstream.endpoint = hub_->url();
  add("bench/many", 4096, 400);
  config_.limits = [](sqlite::Connection&) { return Limits{.connections = 16}; };
  EXPECT_EQ(status_of(bring("bench/many")), "ready");
  EXPECT_GE(hub_->log().ports[kCdn].open_peak, 12U);
}

TEST_F(RangesTest, F19_to_F28_at_random_end_in_the_right_bytes) {
  constexpr const char* kKinds[] = {
      "reset",       "truncate",      "hangup",       "ignore_range", "wrong_start",
      "wrong_total", "unsatisfiable", "flip",         "expired_url",  "no_length",
      "chunked",     "status",        "rate_limited", "huge_header",  "length_equals_offset"};
  config_.ranges = {512 << 10, 64 << 10, 512 << 10};
  const char* given = std::getenv("MODELKEEP_TEST_SEED");
  const unsigned base = given == nullptr ? std::random_device{}()
                                         : static_cast<unsigned>(std::strtoul(given, nullptr, 10));
  std::printf("MODELKEEP_TEST_SEED=%u\n", base);
  for (unsigned round = 0; round < 12; ++round) {
    const unsigned seed = base + round;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const std::string name = "storm/round-" + std::to_string(round);
    add(name, 6 * kMiB + round, 3);
    for (int i = 0; i < 6; ++i) {
      const char* kind = kKinds[random() % std::size(kKinds)];
      fault(std::string(R"({"match":"storm/","call":"cdn","kind":")") + kind +
            R"(","retry_after":"0","skip":)" + std::to_string(random() % 8) + R"(,"after_bytes":)" +
            std::to_string(random() % 300'000) + R"(,"seed":)" + std::to_string(random()) + "}");
    }
    EXPECT_EQ(status_of(bring(name)), "ready");
    expect_whole("storm_round-" + std::to_string(round), name);
    hub_->reset();
  }
  EXPECT_TRUE(staged().empty());
}

}  // namespace
}  // namespace modelkeep::fetch
