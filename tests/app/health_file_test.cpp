#include "app/health_file.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace modelkeep::app {
namespace {

constexpr json::Limits kLimits{64 * 1024, 32, 1'000, 4 * 1024, true};

TEST(HealthFile, is_a_problem_that_gives_the_reason) {
  const std::string text =
      health_text(Config{}, {{Role::worker, "A worker process keeps stopping: no luck"}});
  const auto parsed = json::Document::parse(text, kLimits);
  ASSERT_TRUE(parsed) << text;
  EXPECT_EQ(parsed->root()["error"].as_string(), "A worker process keeps stopping: no luck");
  EXPECT_EQ(parsed->root()["status"].as_int(), 503);
  EXPECT_EQ(parsed->root()["checks"]["database"]["status"].as_string(), "failed");
}

TEST(HealthFile, leaves_no_command_to_nginx_in_a_reason) {
  const std::string text =
      health_text(Config{}, {{Role::worker, "<!--# include file=\"/etc/passwd\" -->"}});
  EXPECT_EQ(text.find("<!--# include"), std::string::npos);
  EXPECT_NE(text.find("<!--# echo var='request_id' -->"), std::string::npos);
}

}  // namespace
}  // namespace modelkeep::app
