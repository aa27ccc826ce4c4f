#include "catalog/limits.h"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

constexpr int kMonday = 0;
constexpr int kFriday = 4;
constexpr int kSaturday = 5;
constexpr int kSunday = 6;

constexpr LocalTime at(int weekday, int hour, int minute = 0) {
  return {weekday, hour * 60 + minute};
}

LimitPlan plan_of(std::string_view windows) {
  LimitPlan plan{.downloads = 4, .connections = 16, .bytes_per_second = 0};
  plan.windows = must(parse_windows(windows));
  return plan;
}

struct Case {
  const char* name;
  const char* windows;
  LocalTime moment;
  std::int64_t bytes_per_second;
  int downloads;
};

TEST(LimitsNow, follow_the_table_of_cases) {
  const char* const day = "08:00-20:00 bytes_per_second=200";
  const char* const night = "fri 22:00-06:00 downloads=0";
  const Case cases[] = {
      {"no window", "", at(kMonday, 12), 0, 4},
      {"inside", day, at(kMonday, 12), 200, 4},
      {"its first minute", day, at(kMonday, 8), 200, 4},
      {"a minute before", day, at(kMonday, 7, 59), 0, 4},
      {"its last minute", day, at(kMonday, 19, 59), 200, 4},
      {"its end is outside", day, at(kMonday, 20), 0, 4},
      {"another day", "mon-fri 08:00-20:00 bytes_per_second=200", at(kSaturday, 12), 0, 4},
      {"a day of several", "wed+sat 08:00-20:00 bytes_per_second=200", at(kSaturday, 12), 200, 4},
      {"past midnight, the evening", night, at(kFriday, 23), 0, 0},
      {"past midnight, the morning after", night, at(kSaturday, 5, 59), 0, 0},
      {"past midnight, its end", night, at(kSaturday, 6), 0, 4},
      {"past midnight, the morning before", night, at(kFriday, 5), 0, 4},
      {"past midnight from Sunday to Monday", "sun 22:00-06:00 downloads=1", at(kMonday, 1), 0, 1},
      {"a range over the week's end", "sat-mon 00:00-24:00 downloads=1", at(kSunday, 3), 0, 1},
      {"the whole day has no gap", "00:00-24:00 downloads=1", at(kMonday, 23, 59), 0, 1},
      {"the first that fits holds",
       "12:00-13:00 bytes_per_second=9, 08:00-20:00 bytes_per_second=200 downloads=1",
       at(kMonday, 12, 30), 9, 4},
      {"what a window leaves out stays", "08:00-20:00 downloads=1", at(kMonday, 12), 0, 1},
  };
  for (const Case& one : cases) {
    const LimitsNow now = limits_at(plan_of(one.windows), one.moment);
    EXPECT_EQ(now.bytes_per_second, one.bytes_per_second) << one.name;
    EXPECT_EQ(now.downloads, one.downloads) << one.name;
  }
}

TEST(LimitsNow, nights_unlimited_and_days_not) {
  LimitPlan plan = plan_of("22:00-08:00 bytes_per_second=0");
  plan.bytes_per_second = 200'000'000;
  EXPECT_EQ(limits_at(plan, at(kMonday, 12)).bytes_per_second, 200'000'000);
  EXPECT_EQ(limits_at(plan, at(kMonday, 23)).bytes_per_second, 0);
  EXPECT_EQ(limits_at(plan, at(kMonday, 23)).window, 0u);
}

TEST(LimitWindows, are_text_that_reads_back_as_it_was) {
  for (const char* text :
       {"", "08:00-20:00 downloads=0", "mon-fri 08:00-20:00 bytes_per_second=200000000",
        "mon+wed+fri-sun 22:30-06:15 downloads=1 connections=4 bytes_per_second=0 "
        "bytes_per_second_per_download=7",
        "sat-sun 00:00-24:00 downloads=8, 12:00-13:00 connections=1"}) {
    EXPECT_EQ(windows_text(must(parse_windows(text))), text);
  }
}

TEST(LimitWindows, refuse_what_is_none) {
  for (const char* text :
       {"08:00 downloads=1", "25:00-26:00 downloads=1", "08:00-08:00 downloads=1", "08:00-20:00",
        "8:00-20:00 downloads=1", "08:00-20:60 downloads=1", "never 08:00-20:00 downloads=1",
        "08:00-20:00 downloads=-1", "08:00-20:00 downloads=65", "08:00-20:00 connections=0",
        "08:00-20:00 speed=1", "08:00-20:00 downloads", "24:00-06:00 downloads=1",
        "mon- 08:00-20:00 downloads=1", "08:00-20:00 bytes_per_second=99999999999999999999"}) {
    EXPECT_EQ(code_of(parse_windows(text)), codes::setting_invalid) << text;
  }
  std::string many = "08:00-20:00 downloads=1";
  for (std::size_t i = 0; i < kWindowsMax; ++i) many += ", 08:00-20:00 downloads=1";
  EXPECT_EQ(code_of(parse_windows(many)), codes::setting_invalid);
}

TEST(LocalTime, is_that_of_the_zone_of_this_machine) {
  const char* const before = std::getenv("TZ");
  const std::string kept = before ? before : "";
  const Time moment{1'769'077'800'000};  // Thursday, 2026-01-22 10:30 UTC.
  ::setenv("TZ", "UTC-5:30", 1);         // POSIX: five and a half hours east.
  ::tzset();
  EXPECT_EQ(local_time(moment).weekday, 3);
  EXPECT_EQ(local_time(moment).minute, 16 * 60);
  ::setenv("TZ", "UTC+11", 1);
  ::tzset();
  EXPECT_EQ(local_time(moment).weekday, 2);
  EXPECT_EQ(local_time(moment).minute, 23 * 60 + 30);
  before ? ::setenv("TZ", kept.c_str(), 1) : ::unsetenv("TZ");
  ::tzset();
}

}  // namespace
}  // namespace modelkeep::catalog
