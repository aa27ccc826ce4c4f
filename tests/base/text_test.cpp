#include "base/text.h"

#include <gtest/gtest.h>

namespace modelkeep {
namespace {

TEST(Text, tells_well_formed_utf8_from_the_rest) {
  struct Row {
    const char* claim;
    std::string_view text;
    bool valid;
  };
  const Row rows[] = {
      {"ASCII", "abc", true},
      {"two bytes", "\xC3\xA4", true},
      {"four bytes", "\xF0\x9F\x98\x80", true},
      {"cut short", "\xC3", false},
      {"overlong slash", "\xC0\xAF", false},
      {"overlong dot in three", "\xE0\x80\xAE", false},
      {"surrogate", "\xED\xA0\x80", false},
      {"past the last code point", "\xF4\x90\x80\x80", false},
      {"lone continuation", "\x80", false},
  };
  for (const Row& row : rows) EXPECT_EQ(utf8_valid(row.text), row.valid) << row.claim;
}

TEST(Text, decodes_percent_once_and_keeps_plus) {
  EXPECT_EQ(percent_decode("a%2Fb+c%252e"), "a/b+c%2e");
  EXPECT_FALSE(percent_decode("%zz").has_value());
  EXPECT_FALSE(percent_decode("%4").has_value());
  EXPECT_EQ(percent_decode(percent_encode("a?b#c%41 d/ü", "/")), "a?b#c%41 d/ü");
}

TEST(Text, reads_canonical_decimals_only) {
  EXPECT_EQ(parse_decimal("0"), 0u);
  EXPECT_EQ(parse_decimal("18446744073709551615"), 18446744073709551615ull);
  for (const char* bad : {"", "+5", " 5", "05", "1e3", "-1", "18446744073709551616"}) {
    EXPECT_FALSE(parse_decimal(bad).has_value()) << bad;
  }
}

TEST(Text, clips_between_code_points) {
  EXPECT_EQ(clipped("abc", 5), "abc");
  EXPECT_EQ(clipped("a\xC3\xA4z", 2), "a");
}

}  // namespace
}  // namespace modelkeep
