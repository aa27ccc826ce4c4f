#include "base/time_text.h"

#include <gtest/gtest.h>

namespace modelkeep {
namespace {

TEST(TimeText, writes_and_reads_rfc_3339) {
  const Time time{1769077800250};
  EXPECT_EQ(rfc3339(time), "2026-01-22T10:30:00Z");
  EXPECT_EQ(rfc3339_ms(time), "2026-01-22T10:30:00.250Z");
  EXPECT_EQ(parse_rfc3339("2026-01-22T10:30:00.250Z"), time);
  EXPECT_EQ(parse_rfc3339("2026-01-22T11:30:00.25+01:00"), time);
  EXPECT_EQ(parse_rfc3339("2026-01-22 10:30:00.250123"), time);
}

TEST(TimeText, refuses_times_that_do_not_exist) {
  for (const char* bad :
       {"", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-22T25:00:00Z",
        "2026-01-22T10:30:00Zx", "2026-01-22T10:30:00.Z", "-026-01-22T10:30:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(bad).has_value()) << bad;
  }
}

TEST(TimeText, reads_the_http_date) {
  EXPECT_EQ(parse_http_date("Thu, 22 Jan 2026 10:30:00 GMT"), Time{1769077800000});
  EXPECT_FALSE(parse_http_date("Thu, 22 Foo 2026 10:30:00 GMT").has_value());
  EXPECT_FALSE(parse_http_date("tomorrow").has_value());
}

TEST(TimeText, goes_below_the_epoch) {
  EXPECT_EQ(rfc3339_ms(Time{-1}), "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace modelkeep
