#include "net/redirects.h"

#include <gtest/gtest.h>

namespace modelkeep::net {
namespace {

constexpr std::string_view kHub = "https://huggingface.co";

Result<Hop> from_hub(std::string_view location, int hops = 0) {
  return next_hop({.endpoint = std::string(kHub)}, "https://huggingface.co/a/b",
                  "https://huggingface.co/a/b", location, hops, true);
}

TEST(Redirects, on_the_same_host_keep_the_token_and_the_query) {
  const auto relative = from_hub("/api/resolve-cache/x?etag=%22a%22");
  ASSERT_TRUE(relative);
  EXPECT_EQ(relative->url, "https://huggingface.co/api/resolve-cache/x?etag=%22a%22");
  EXPECT_TRUE(relative->keep_token);
  EXPECT_TRUE(from_hub("https://huggingface.co:443/x")->keep_token);
  EXPECT_TRUE(from_hub("https://HuggingFace.co/x")->keep_token);
}

TEST(Redirects, to_another_host_drop_the_token) {
  for (const char* target : {"https://cdn-lfs.hf.co/x?Signature=s", "https://cas.huggingface.co/x",
                             "https://huggingface.co:8443/x"}) {
    const auto hop = from_hub(target);
    ASSERT_TRUE(hop) << target;
    EXPECT_FALSE(hop->keep_token) << target;
  }
}

TEST(Redirects, never_give_a_token_back_that_an_earlier_hop_lost) {
  const auto hop = next_hop({.endpoint = std::string(kHub)}, "https://huggingface.co/a",
                            "https://cdn.hf.co/a", "https://huggingface.co/b", 1, false);
  ASSERT_TRUE(hop);
  EXPECT_FALSE(hop->keep_token);
}

TEST(Redirects, to_places_we_must_not_go_are_refused) {
  for (const char* target :
       {"http://huggingface.co/x", "http://cdn.hf.co/x", "ftp://huggingface.co/x",
        "file:///etc/passwd", "https://evil.example/x", "https://127.0.0.1/x",
        "https://169.254.169.254/", "https://user@huggingface.co/x", "https://user:pw@cdn.hf.co/x",
        "https://hf.co.evil.example/x", "https://evilhf.co/x", "gopher://hf.co/", "https://",
        "https://[::1]/"}) {
    const auto hop = from_hub(target);
    ASSERT_FALSE(hop) << target;
    EXPECT_EQ(hop.error().code, codes::redirect_refused) << target;
  }
}

TEST(Redirects, end_after_five) {
  EXPECT_TRUE(from_hub("/x", 4));
  EXPECT_FALSE(from_hub("/x", 5));
}

TEST(Redirects, go_where_the_administrator_allows) {
  RedirectRules rules{.endpoint = "https://hub.example",
                      .allow_hosts = {"*.cdn.example", "store.example"}};
  const auto to = [&](std::string_view target) {
    return next_hop(rules, "https://hub.example/", "https://hub.example/", target, 0, true)
        .has_value();
  };
  EXPECT_TRUE(to("https://eu.cdn.example/x"));
  EXPECT_TRUE(to("https://store.example/x"));
  EXPECT_FALSE(to("https://cdn.example/x"));
  EXPECT_FALSE(to("https://a.store.example/x"));
}

TEST(Redirects, of_an_endpoint_on_loopback_may_stay_there_by_any_name) {
  RedirectRules rules{.endpoint = "http://127.0.0.1:9000",
                      .endpoint_class = AddressClass::loopback};
  const auto hop = next_hop(rules, "http://127.0.0.1:9000/a", "http://127.0.0.1:9000/a",
                            "http://localhost:9001/x", 0, true);
  ASSERT_TRUE(hop);
  EXPECT_TRUE(hop->only_endpoint_class);
  EXPECT_FALSE(hop->keep_token);
}

TEST(Redirects, of_our_own_server_stay_on_it) {
  RedirectRules rules{.endpoint = "http://store:5000", .same_host_only = true};
  const auto to = [&](std::string_view target) {
    return next_hop(rules, "http://store:5000/", "http://store:5000/", target, 0, true);
  };
  EXPECT_TRUE(to("/x"));
  EXPECT_FALSE(to("https://cdn.hf.co/x"));
}

TEST(Redirects, take_a_location_with_blanks_and_utf8) {
  const auto hop = from_hub("https://cdn.hf.co/a b/\xc3\xa9");
  ASSERT_TRUE(hop);
  EXPECT_EQ(hop->url, "https://cdn.hf.co/a%20b/%C3%A9");
}

}  // namespace
}  // namespace modelkeep::net
