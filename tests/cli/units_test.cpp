#include "cli/units.h"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

namespace modelkeep::cli {
namespace {

TEST(Units, sizes_are_decimal_with_one_digit_behind_the_point) {
  const std::pair<std::int64_t, const char*> rows[] = {
      {0, "0 B"},
      {999, "999 B"},
      {1000, "1.0 kB"},
      {1023, "1.0 kB"},
      {312'400'000, "312.4 MB"},
      {999'949, "999.9 kB"},
      {999'950, "1.0 MB"},
      {1'500'000'000'000, "1.5 TB"},
      {9'223'372'036'854'775'807, "9.2 EB"},
  };
  for (const auto& [bytes, text] : rows) EXPECT_EQ(size_text(bytes), text) << bytes;
}

TEST(Units, durations_name_their_two_largest_units) {
  const std::pair<std::int64_t, const char*> rows[] = {
      {-5, "0 s"},         {0, "0 s"},           {59, "59 s"},         {60, "1 min 00 s"},
      {185, "3 min 05 s"}, {3600, "1 h 00 min"}, {7620, "2 h 07 min"}, {356'400, "4 d 3 h"},
  };
  for (const auto& [seconds, text] : rows) EXPECT_EQ(duration_text(seconds), text) << seconds;
}

TEST(Units, times_are_shown_in_the_callers_zone) {
  ::setenv("TZ", "CET-1", 1);
  ::tzset();
  EXPECT_EQ(time_text("2026-01-22T10:30:00Z"), "2026-01-22 11:30");
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  EXPECT_EQ(time_text("2026-01-22T10:30:00.250Z"), "2026-01-22 10:30");
}

TEST(Units, a_time_that_cannot_be_read_is_shown_as_it_came_and_harmless) {
  EXPECT_EQ(time_text("soon\x1b[2J"), "soon\\x1b[2J");
}

TEST(Units, counts_are_grouped_and_have_the_right_noun) {
  EXPECT_EQ(count_text(1, "file", "files"), "1 file");
  EXPECT_EQ(count_text(0, "file", "files"), "0 files");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(grouped(-1234), "-1,234");
  EXPECT_EQ(grouped(999), "999");
}

TEST(Units, sizes_are_read_as_people_write_them) {
  EXPECT_EQ(parse_size("500"), 500);
  EXPECT_EQ(parse_size("500MB"), 500'000'000);
  EXPECT_EQ(parse_size("1.5 GB"), 1'500'000'000);
  EXPECT_EQ(parse_size("8g"), 8'000'000'000);
  EXPECT_EQ(parse_size("1KiB"), 1024);
  EXPECT_EQ(parse_size("0b"), 0);
  for (const char* bad : {"", "GB", "-1", "5 bytes", "1e99TB", "99999999999TB", "1.5.2", "nan"}) {
    EXPECT_FALSE(parse_size(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace modelkeep::cli
