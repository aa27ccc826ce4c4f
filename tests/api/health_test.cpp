#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "catalog/settings.h"
#include "tests/api/api_fixture.h"

namespace modelkeep::api {
namespace {

TEST(Health, is_healthy_with_the_members_of_the_old_server) {
  ApiFixture api;
  ASSERT_TRUE(catalog::beat(api.db(), "fetcher:0", api.clock().now()));
  const Answer answer = api.get("/api/health");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer["success"].as_bool(), true);
  EXPECT_EQ(answer["status"].as_string(), "healthy") << answer.text;
  EXPECT_EQ(answer["mount_point"].as_string(), api.layout().mount());
  EXPECT_EQ(answer["version"].as_string(), "0.1.0");
  EXPECT_EQ(answer["checks"]["fetchers"]["running"].as_int(), 1);
  EXPECT_GT(answer["checks"]["disk"]["free_bytes"].as_int(), 0);
}

TEST(Health, is_degraded_while_no_fetcher_runs) {
  ApiFixture api;
  ASSERT_TRUE(catalog::beat(api.db(), "fetcher:0", api.clock().now()));
  api.clock().advance_ms(60'000);
  const Answer answer = api.get("/api/health");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer["status"].as_string(), "degraded");
  EXPECT_EQ(answer["checks"]["fetchers"]["status"].as_string(), "warning");
}

TEST(Health, F18_is_503_when_the_mount_is_missing) {
  ApiFixture api;
  std::filesystem::remove(api.layout().marker());
  const Answer answer = api.get("/api/health");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.code(), "storage_missing");
  EXPECT_EQ(answer.type, "application/problem+json");
  EXPECT_EQ(answer["checks"]["disk"]["status"].as_string(), "failed");
}

TEST(Health, F42_is_503_when_the_database_is_damaged) {
  ApiFixture api;
  api.services().state.database = api.layout().state_dir() + "/other.db";
  api.restart();
  const Answer answer = api.get("/api/health");
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(answer.code().starts_with("database_")) << answer.code();
  EXPECT_EQ(answer["checks"]["database"]["status"].as_string(), "failed");
}

TEST(Health, says_when_upstream_was_seen) {
  ApiFixture api;
  ASSERT_TRUE(catalog::beat(api.db(), "upstream", api.clock().now()));
  const Answer answer = api.get("/api/health");
  EXPECT_EQ(answer["checks"]["upstream"]["endpoint"].as_string(), "https://huggingface.co");
  EXPECT_EQ(answer["checks"]["upstream"]["last_seen_at"].as_string(), "2026-01-22T10:30:00Z");
}

TEST(OpenApi, is_served_as_it_was_built_in) {
  ApiFixture api;
  const Answer answer = api.get("/api/openapi.json");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer["openapi"].as_string(), "3.1.0");
}

}  // namespace
}  // namespace modelkeep::api
