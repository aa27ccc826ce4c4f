#include "fetch/range_plan.h"

#include <gtest/gtest.h>

namespace modelkeep::fetch {
namespace {

constexpr std::uint64_t kKiB = 1 << 10;
constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kGiB = 1 << 30;

TEST(RangePlan, asks_for_as_much_as_the_moment_wants) {
  struct Row {
    const char* what;
    std::uint64_t unasked;
    Pace pace;
    std::uint64_t expected;
  };
  const Row rows[] = {
      {"nothing is known yet", 2 * kGiB, {16}, 16 * kMiB},
      {"a fast connection", 2 * kGiB, {16, 50 * kMiB, 1}, 16 * kMiB},
      {"a slow connection is free again in seconds", 2 * kGiB, {16, kMiB, 1}, 4 * kMiB},
      {"a very slow one gets the least", 2 * kGiB, {16, 10 * kKiB, 1}, kMiB},
      {"towards the end shares get smaller", 128 * kMiB, {16, 50 * kMiB, 1}, 4 * kMiB},
      {"and smaller", 32 * kMiB, {16, 50 * kMiB, 1}, kMiB},
      {"but not below the least", kMiB, {16, 50 * kMiB, 1}, kMiB},
      {"nor so small that waiting counts", 32 * kMiB, {16, 20 * kMiB, 100}, 16 * kMiB},
      {"one connection still gets half", 16 * kMiB, {1, 50 * kMiB, 1}, 8 * kMiB},
      {"no connection counts as one", 16 * kMiB, {0, 50 * kMiB, 1}, 8 * kMiB},
      {"a clock that ran backwards does no harm", 2 * kGiB, {16, 50 * kMiB, -5}, 16 * kMiB},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(range_bytes({}, row.unasked, row.pace), row.expected) << row.what;
  }
}

TEST(RangePlan, takes_the_first_stretch_that_nobody_has) {
  struct Row {
    const char* what;
    const char* taken;
    std::uint64_t size;
    std::uint64_t length;
    std::optional<ByteRange> expected;
  };
  const Row rows[] = {
      {"a new file", "", 64 * kMiB, 16 * kMiB, ByteRange{0, 16 * kMiB}},
      {"behind what is asked for", "0-16777216", 64 * kMiB, 16 * kMiB,
       ByteRange{16 * kMiB, 32 * kMiB}},
      {"what a broken one left", "0-5000000 16777216-67108864", 64 * kMiB, 16 * kMiB,
       ByteRange{5'000'000, 16 * kMiB}},
      {"a small rest goes along", "0-46137344", 64 * kMiB, 16 * kMiB,
       ByteRange{44 * kMiB, 64 * kMiB}},
      {"back onto whole pages", "0-5000000", 64 * kMiB, kMiB, ByteRange{5'000'000, 6'045'696}},
      {"all is taken", "0-67108864", 64 * kMiB, 16 * kMiB, std::nullopt},
  };
  for (const Row& row : rows) {
    const auto taken = ByteRanges::parse(row.taken);
    ASSERT_TRUE(taken) << row.what;
    EXPECT_EQ(next_range(*taken, row.size, row.length), row.expected) << row.what;
  }
}

TEST(RangePlan, a_whole_file_is_covered_once) {
  for (const std::uint64_t size : {std::uint64_t{1}, 4095 * kKiB, 100 * kMiB + 1, 3 * kGiB}) {
    ByteRanges taken;
    while (const auto range =
               next_range(taken, size, range_bytes({}, size - taken.bytes(), {16, kMiB * 50, 1}))) {
      EXPECT_TRUE(taken.first_gap(range->begin, range->end) == *range);
      taken.add(*range);
    }
    EXPECT_EQ(taken.bytes(), size);
  }
}

TEST(RangePlan, gives_up_a_connection_that_is_left_behind) {
  struct Row {
    const char* what;
    std::uint64_t speed;
    std::uint64_t usual;
    std::int64_t slow_for_ms;
    bool expected;
  };
  constexpr Row kRows[] = {
      {"as fast as the others", 100, 100, 60'000, false},
      {"half as fast", 50, 100, 60'000, false},
      {"a tenth", 10, 100, 5'000, true},
      {"a tenth, for a moment", 10, 100, 1'000, false},
      {"nothing at all", 0, 100, 5'000, true},
      {"nobody is fast", 0, 0, 60'000, false},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(is_laggard(row.speed, row.usual, row.slow_for_ms), row.expected) << row.what;
  }
}

TEST(LateConnection, is_one_whose_rest_others_would_bring_much_sooner) {
  constexpr std::uint64_t kMB = 1'000'000;
  const Pace usual{.connections = 16, .bytes_per_second = 50 * kMB, .first_byte_ms = 30};
  struct Row {
    const char* what;
    std::uint64_t rest;
    std::uint64_t speed;
    bool late;
  };
  const Row rows[] = {
      {"as fast as the others", 16 * kMB, 50 * kMB, false},
      {"half as fast", 16 * kMB, 25 * kMB, false},
      {"a fifth as fast", 16 * kMB, 10 * kMB, true},
      {"a fifth as fast and nearly done", 2 * kMB, 10 * kMB, false},
      {"stands", 1 * kMB, 0, true},
      {"done", 0, 0, false},
  };
  for (const Row& row : rows) EXPECT_EQ(is_late(row.rest, row.speed, usual), row.late) << row.what;
  EXPECT_FALSE(is_late(16 * kMB, 0, {})) << "nothing is usual yet";
}

TEST(LastRange, takes_the_end_of_the_last_stretch_that_is_missing) {
  ByteRanges taken;
  EXPECT_EQ(last_range(taken, 100'000, 8192), (ByteRange{90'112, 100'000}));
  EXPECT_EQ(last_range(taken, 9'000, 8192), (ByteRange{0, 9'000}));
  taken.add({90'112, 100'000});
  EXPECT_EQ(last_range(taken, 100'000, 8192), (ByteRange{81'920, 90'112}));
  taken.add({10'000, 90'112});
  EXPECT_EQ(last_range(taken, 100'000, 16'384), (ByteRange{0, 10'000}));
  taken.add({0, 10'000});
  EXPECT_EQ(last_range(taken, 100'000, 8192), std::nullopt);
}

}  // namespace
}  // namespace modelkeep::fetch
