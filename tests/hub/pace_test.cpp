#include "tests/hub/pace.h"

#include <gtest/gtest.h>

#include "tests/hub/options.h"

namespace modelkeep::standin {
namespace {

TEST(Rate, spreads_bytes_evenly) {
  Rate rate(1000);
  EXPECT_EQ(rate.book_ms(500, 10'000), 0);
  EXPECT_EQ(rate.book_ms(500, 10'000), 500);
  EXPECT_EQ(rate.book_ms(500, 10'500), 500);
}

TEST(Rate, does_not_save_up_while_idle) {
  Rate rate(1000);
  rate.book_ms(1000, 0);
  EXPECT_EQ(rate.book_ms(1000, 60'000), 0);
  EXPECT_EQ(rate.book_ms(1, 60'000), 1000);
}

TEST(Rate, of_zero_is_no_limit) {
  Rate rate(0);
  EXPECT_EQ(rate.book_ms(1'000'000'000, 0), 0);
  EXPECT_EQ(rate.book_ms(1'000'000'000, 0), 0);
}

TEST(Size, is_read_with_its_unit) {
  EXPECT_EQ(parse_size("12000").value(), 12'000U);
  EXPECT_EQ(parse_size("64KiB").value(), 65'536U);
  EXPECT_EQ(parse_size("2GiB").value(), 2ULL << 30U);
  EXPECT_EQ(parse_size("4MB").value(), 4'000'000U);
  for (const char* text : {"", "KiB", "12XB", "-1", "1.5MB"}) {
    EXPECT_FALSE(parse_size(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace modelkeep::standin
