#include "base/log.h"

#include <gtest/gtest.h>

namespace modelkeep::log {
namespace {

TEST(Log, never_shows_a_token_or_the_query_of_a_url) {
  EXPECT_EQ(redacted("token hf_abcdefghijklmnop used"), "token hf_... used");
  EXPECT_EQ(redacted("Authorization: Bearer abc.def"), "Authorization: Bearer ...");
  EXPECT_EQ(redacted("GET https://cdn.example/x?Signature=abc&Policy=d failed"),
            "GET https://cdn.example/x?... failed");
  EXPECT_EQ(redacted("http://user:pw@host/x"), "http://...@host/x");
  EXPECT_EQ(redacted("hf_repo.json"), "hf_...");
  EXPECT_EQ(redacted("plain text, 50%"), "plain text, 50%");
}

}  // namespace
}  // namespace modelkeep::log
