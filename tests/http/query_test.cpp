#include "http/query.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace modelkeep::http {
namespace {

std::string get(std::string_view text, std::string_view key) {
  const auto query = Query::parse(text);
  if (!query) return std::string{query.error().code};
  const auto value = query->get(key);
  if (!value) return std::string{value.error().code};
  return *value ? std::string{**value} : "(absent)";
}

TEST(Query, decodes_each_value_once) {
  EXPECT_EQ(get("search=a+b%2Bc", "search"), "a b+c");
  EXPECT_EQ(get("search=%2525", "search"), "%25");
  EXPECT_EQ(get("s%65arch=x", "search"), "x");
  EXPECT_EQ(get("search=a=b", "search"), "a=b");
  EXPECT_EQ(get("search", "search"), "");
  EXPECT_EQ(get("", "search"), "(absent)");
  EXPECT_EQ(get("&&other=1&", "search"), "(absent)");
}

TEST(Query, B52_refuses_a_key_that_stands_twice_and_is_read) {
  EXPECT_EQ(get("limit=1&limit=1", "limit"), codes::query_duplicate);
  EXPECT_EQ(get("x=1&x=2&limit=1", "limit"), "1");
}

TEST(Query, is_refused_when_it_cannot_be_decoded) {
  for (const char* text : {"a=%", "a=%zz", "a=%00", "a=%ff", "%c0%ae=1"}) {
    EXPECT_EQ(get(text, "a"), codes::query_invalid) << text;
  }
  std::string many;
  for (int i = 0; i < 65; ++i) many += "k" + std::to_string(i) + "=1&";
  EXPECT_EQ(get(many, "a"), codes::query_invalid);
}

TEST(QueryNumber, B49_takes_canonical_decimals_in_range_only) {
  const std::vector<std::string> refused{"0",
                                         "-1",
                                         "201",
                                         "1e3",
                                         "%2B5",
                                         "+5",
                                         "%205",
                                         "05",
                                         "",
                                         "0x1",
                                         "99999999999999999999999999",
                                         "18446744073709551617",
                                         "5.0"};
  for (const std::string& text : refused) {
    const auto query = Query::parse("limit=" + text);
    ASSERT_TRUE(query) << text;
    const auto number = query->number("limit", 1, 200, codes::page_invalid);
    ASSERT_FALSE(number) << text;
    EXPECT_EQ(number.error().code, codes::page_invalid) << text;
  }
  EXPECT_EQ(Query::parse("limit=200")->number("limit", 1, 200, codes::page_invalid).value(), 200u);
}

TEST(QueryFlag, is_true_or_false_and_nothing_else) {
  EXPECT_TRUE(Query::parse("purge=true")->flag("purge").value());
  EXPECT_FALSE(Query::parse("purge=false")->flag("purge").value());
  EXPECT_FALSE(Query::parse("")->flag("purge").value());
  EXPECT_FALSE(Query::parse("purge=1")->flag("purge").has_value());
  EXPECT_FALSE(Query::parse("purge")->flag("purge").has_value());
}

}  // namespace
}  // namespace modelkeep::http
