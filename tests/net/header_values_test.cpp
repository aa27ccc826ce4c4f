#include "net/header_values.h"

#include <gtest/gtest.h>

namespace modelkeep::net {
namespace {

TEST(ContentRange, reads_what_a_206_says) {
  const auto range = parse_content_range("bytes 5-9/10");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->first, 5U);
  EXPECT_EQ(range->last, 9U);
  EXPECT_EQ(range->total, 10U);
  EXPECT_EQ(parse_content_range("bytes 0-0/*")->total, std::nullopt);
}

TEST(ContentRange, refuses_what_makes_no_sense) {
  for (const char* text :
       {"", "bytes", "bytes */10", "bytes 9-5/10", "bytes 5-9/9", "bytes -5/10", "items 0-1/2",
        "bytes 0-1", "bytes 0-18446744073709551616/5", "bytes a-b/c", "bytes 0--1/5"}) {
    EXPECT_FALSE(parse_content_range(text)) << text;
  }
}

TEST(RetryAfter, reads_seconds_and_dates_and_ignores_the_rest) {
  constexpr std::int64_t kNow = 1'763'900'000;  // 2025-11-23T12:13:20Z
  struct Row {
    const char* value;
    std::optional<std::int64_t> expected;
  };
  const Row rows[] = {
      {"0", 0},
      {" 42 ", 42},
      {"1000000000", 1'000'000'000},
      {"Sun, 23 Nov 2025 12:13:50 GMT", 30},
      {"Sun, 23 Nov 2025 11:00:00 GMT", 0},
      {"soon", std::nullopt},
      {"-5", std::nullopt},
      {"1.5", std::nullopt},
      {"", std::nullopt},
      {"99999999999999999999999", std::nullopt},
  };
  for (const Row& row : rows)
    EXPECT_EQ(parse_retry_after(row.value, kNow), row.expected) << row.value;
}

TEST(RateLimit, reads_what_the_hub_sends) {
  const auto limit = parse_rate_limit(R"("resolvers";r=0;t=42)");
  ASSERT_TRUE(limit);
  EXPECT_EQ(limit->remaining, 0);
  EXPECT_EQ(limit->reset_seconds, 42);
  EXPECT_FALSE(parse_rate_limit("\"api\""));
  EXPECT_FALSE(parse_rate_limit("r=x;t=1"));
}

TEST(Link, finds_the_next_page_and_nothing_else) {
  EXPECT_EQ(parse_link_next(R"(<https://h/a?cursor=x,y>; rel="next")"), "https://h/a?cursor=x,y");
  EXPECT_EQ(parse_link_next(R"(<https://h/1>; rel="prev", <https://h/2>; rel="next")"),
            "https://h/2");
  EXPECT_EQ(parse_link_next(R"(<https://h/1>; rel="xet-auth")"), std::nullopt);
  EXPECT_EQ(parse_link_next("<https://h/1"), std::nullopt);
  EXPECT_EQ(parse_link_next(""), std::nullopt);
}

TEST(Etag, loses_its_quotes_and_its_weakness) {
  EXPECT_EQ(plain_etag("\"abc\""), "abc");
  EXPECT_EQ(plain_etag("W/\"abc\""), "abc");
  EXPECT_EQ(plain_etag("abc"), "abc");
  EXPECT_EQ(plain_etag("\"\""), "");
}

}  // namespace
}  // namespace modelkeep::net
