#include "base/byte_ranges.h"

#include <random>

#include <gtest/gtest.h>

namespace modelkeep::fetch {
namespace {

ByteRanges of(std::string_view text) {
  return ByteRanges::parse(text).value();
}

TEST(ByteRanges, join_what_touches) {
  ByteRanges ranges;
  ranges.add({10, 20});
  ranges.add({30, 40});
  ranges.add({20, 25});
  EXPECT_EQ(ranges.text(), "10-25 30-40");
  ranges.add({5, 35});
  EXPECT_EQ(ranges.text(), "5-40");
  ranges.add({0, 5});
  EXPECT_EQ(ranges.text(), "0-40");
  EXPECT_EQ(ranges.bytes(), 40U);
  ranges.add({7, 7});
  EXPECT_EQ(ranges.text(), "0-40");
}

TEST(ByteRanges, know_how_far_they_go_from_the_start) {
  EXPECT_EQ(of("").frontier(), 0U);
  EXPECT_EQ(of("1-9").frontier(), 0U);
  EXPECT_EQ(of("0-9 10-20").frontier(), 9U);
}

TEST(ByteRanges, name_the_first_gap) {
  struct Row {
    const char* what;
    const char* ranges;
    std::uint64_t from;
    std::uint64_t end;
    std::optional<ByteRange> expected;
  };
  const Row rows[] = {
      {"all is missing", "", 0, 100, ByteRange{0, 100}},
      {"the start is there", "0-10", 0, 100, ByteRange{10, 100}},
      {"the start is missing", "10-20", 0, 100, ByteRange{0, 10}},
      {"something in the middle", "0-10 20-100", 0, 100, ByteRange{10, 20}},
      {"nothing is missing", "0-100", 0, 100, std::nullopt},
      {"behind a place", "0-10 20-30", 15, 100, ByteRange{15, 20}},
      {"behind a place that is there", "0-10 20-30", 25, 100, ByteRange{30, 100}},
      {"an empty file", "", 0, 0, std::nullopt},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(of(row.ranges).first_gap(row.from, row.end), row.expected) << row.what;
  }
}

TEST(ByteRanges, of_another_text_are_not_believed) {
  for (const char* text : {"1", "1-", "-1", "5-5", "9-3", "0-5 5-9", "0-5 3-9", "0-5  7-9", "a-b",
                           "0-99999999999999999999", "0-5 ", " "}) {
    EXPECT_FALSE(ByteRanges::parse(text)) << text;
  }
}

TEST(ByteRanges, agree_with_a_plain_list_of_bytes) {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    std::vector<bool> bytes(200);
    ByteRanges ranges;
    for (int step = 0; step < 60; ++step) {
      const std::uint64_t begin = random() % 200;
      const std::uint64_t end = begin + random() % (201 - begin);
      const bool adds = random() % 3 != 0;
      adds ? ranges.add({begin, end}) : ranges.remove({begin, end});
      for (std::uint64_t i = begin; i < end; ++i) bytes[i] = adds;
    }
    std::uint64_t count = 0;
    for (std::uint64_t i = 0; i < bytes.size(); ++i) {
      EXPECT_EQ(ranges.covers({i, i + 1}), bytes[i]);
      count += bytes[i] ? 1 : 0;
    }
    EXPECT_EQ(ranges.bytes(), count);
    EXPECT_EQ(of(ranges.text()).all(), ranges.all());
  }
}

}  // namespace
}  // namespace modelkeep::fetch
