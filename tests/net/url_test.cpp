#include "net/url.h"

#include <gtest/gtest.h>

namespace modelkeep::net {
namespace {

TEST(Url, has_one_spelling_of_its_host) {
  EXPECT_EQ(parse_url("HTTPS://Hub.Example./x")->host, "hub.example");
  EXPECT_EQ(parse_url("http://[::1]:80/")->host, "::1");
  EXPECT_EQ(parse_url("https://h/")->port, "443");
  EXPECT_TRUE(same_origin(*parse_url("https://h"), *parse_url("https://H:443/x")));
  EXPECT_FALSE(same_origin(*parse_url("https://h"), *parse_url("http://h:443")));
}

TEST(Url, that_is_none_is_an_error) {
  EXPECT_FALSE(parse_url(""));
  EXPECT_FALSE(parse_url("http://h/\r\nX: y"));
  EXPECT_FALSE(parse_url("http://h/" + std::string(20'000, 'a')));
}

TEST(Url, in_a_log_holds_no_secret) {
  EXPECT_EQ(without_secrets("https://u:p@cdn.example/a/b?Signature=s#f"),
            "https://cdn.example/a/b");
  EXPECT_EQ(without_secrets("https://cdn.example/a@b"), "https://cdn.example/a@b");
  EXPECT_EQ(without_secrets("/a?b"), "/a");
}

}  // namespace
}  // namespace modelkeep::net
