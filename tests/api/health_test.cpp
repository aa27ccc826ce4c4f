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

TEST(Health, says_503_in_the_body_too_whatever_failed) {
  ApiFixture api;
  ASSERT_TRUE(api.db().execute("DROP TABLE heartbeats"));
  const Answer answer = api.get("/api/health");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer["status"].as_uint(), 503U);
}

TEST(Health, says_when_upstream_was_seen) {
  ApiFixture api;
  ASSERT_TRUE(catalog::beat(api.db(), "upstream", api.clock().now()));
  const Answer answer = api.get("/api/health");
  EXPECT_EQ(answer["checks"]["upstream"]["endpoint"].as_string(), "https://huggingface.co");
  EXPECT_EQ(answer["checks"]["upstream"]["last_seen_at"].as_string(), "2026-01-22T10:30:00Z");
}

TEST(Health, is_degraded_once_upstream_has_failed_for_a_minute_and_says_since_when) {
  ApiFixture api;
  const auto check = [&] {
    EXPECT_TRUE(catalog::beat(api.db(), "fetcher:0", api.clock().now()));
    return api.get("/api/health");
  };
  ASSERT_TRUE(catalog::note_upstream(api.db(), api.clock().now(), "upstream_unavailable"));
  EXPECT_EQ(check()["status"].as_string(), "healthy");
  api.clock().advance_ms(70'000);
  const Answer failing = check();
  EXPECT_EQ(failing["status"].as_string(), "degraded");
  EXPECT_EQ(failing["checks"]["upstream"]["failing_since"].as_string(), "2026-01-22T10:30:00Z");
  EXPECT_NE(failing["checks"]["upstream"]["message"].as_string()->find("upstream_unavailable"),
            std::string_view::npos);
  ASSERT_TRUE(catalog::note_upstream(api.db(), api.clock().now(), {}));
  EXPECT_EQ(check()["status"].as_string(), "healthy");
}

TEST(Health, forgets_a_failure_after_which_nobody_asked_upstream_again) {
  ApiFixture api;
  ASSERT_TRUE(catalog::note_upstream(api.db(), api.clock().now(), "upstream_unavailable"));
  api.clock().advance_ms(std::int64_t{3} * 60 * 60 * 1'000);
  ASSERT_TRUE(catalog::beat(api.db(), "fetcher:0", api.clock().now()));
  const Answer answer = api.get("/api/health");
  EXPECT_EQ(answer["status"].as_string(), "healthy");
  EXPECT_FALSE(answer["checks"]["upstream"].has("failing_since"));
}

TEST(OpenApi, is_served_as_it_was_built_in) {
  ApiFixture api;
  const Answer answer = api.get("/api/openapi.json");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer["openapi"].as_string(), "3.1.0");
}

}  // namespace
}  // namespace modelkeep::api
