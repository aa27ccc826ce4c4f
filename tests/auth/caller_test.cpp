#include "auth/caller.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace modelkeep::auth {
namespace {

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(CallerName, is_trimmed_and_otherwise_kept) {
  EXPECT_EQ(checked_name("  john ").value(), "john");
  EXPECT_EQ(checked_name("John Doe").value(), "John Doe");
  EXPECT_EQ(checked_name("Зоя").value(), "Зоя");
  EXPECT_EQ(checked_name("<script>").value(), "<script>");
  EXPECT_EQ(checked_name(repeated("\u00e9", 64)).value(), repeated("\u00e9", 64));
}

TEST(CallerName, B73_of_the_wrong_length_or_with_controls_is_refused) {
  const std::vector<std::string> rows{
      "",     " ",        repeated("x", 65), repeated("\u00e9", 65), "a\nb", "a\x7f", "a\u202eb",
      "\xff", "a\u0085b", "\ufeffjohn",      std::string("a\0b", 3)};
  for (const std::string& row : rows) {
    const auto name = checked_name(row);
    ASSERT_FALSE(name) << row;
    EXPECT_EQ(name.error().code, codes::username_invalid) << row;
  }
}

TEST(CallerName, of_a_header_may_be_percent_encoded) {
  EXPECT_EQ(name_from_header("%D0%97%D0%BE%D1%8F").value(), "Зоя");
  EXPECT_EQ(name_from_header("john").value(), "john");
  EXPECT_EQ(name_from_header("100%").value(), "100%");
  EXPECT_FALSE(name_from_header("a%0Ab"));
}

}  // namespace
}  // namespace modelkeep::auth
