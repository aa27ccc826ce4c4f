#include <string>

#include <gtest/gtest.h>

#include "tests/api/api_fixture.h"

namespace modelkeep::api {
namespace {

TEST(Stats, include_every_answer_given_before) {
  ApiFixture api;
  for (int i = 0; i < 150; ++i) api.get(i % 3 == 0 ? "/api/nothing" : "/api/models");
  EXPECT_EQ(api.get("/api/stats")["stats"]["total_requests"].as_int(), 150);
  EXPECT_EQ(api.get("/api/stats")["stats"]["total_requests"].as_int(), 151);
}

TEST(Stats, count_models_that_are_ready_and_their_bytes) {
  ApiFixture api;
  api.add_model("gpt2");
  api.ask("bert-base-uncased");
  const Answer answer = api.get("/api/stats");
  const json::Value stats = answer["stats"];
  EXPECT_EQ(stats["total_models"].as_int(), 1);
  EXPECT_EQ(stats["total_size_bytes"].as_int(),
            static_cast<std::int64_t>(std::string("config.jsonmodel.safetensors").size()));
}

TEST(Stats, say_what_sharing_saves) {
  ApiFixture api;
  api.add_model("gpt2");
  api.add_model("openai-community/gpt2");
  const Answer answer = api.get("/api/stats");
  const json::Value stats = answer["stats"];
  EXPECT_EQ(stats["stored_bytes"].as_int(), stats["bytes_saved"].as_int());
  EXPECT_EQ(*stats["total_size_bytes"].as_int(), 2 * *stats["stored_bytes"].as_int());
}

TEST(Stats, count_different_names_with_anonymous_as_one) {
  ApiFixture api;
  api.send({.target = "/api/models", .username = "john"});
  api.send({.target = "/api/models", .username = "john"});
  api.send({.target = "/api/models", .username = "mary"});
  api.get("/api/models");
  EXPECT_EQ(api.get("/api/stats")["stats"]["unique_users"].as_int(), 3);
}

TEST(RecentActivity, is_the_newest_50_without_what_pages_poll) {
  ApiFixture api;
  for (int i = 0; i < 60; ++i) {
    api.get("/api/health");
    api.get("/api/stats");
    api.get("/api/models");
  }
  api.ask("gpt2", "mary");
  const Answer answer = api.get("/api/stats");
  const json::Value activity = answer["stats"]["recent_activity"];
  ASSERT_EQ(activity.size(), 50u);
  const json::Value newest = activity[std::size_t{0}];
  EXPECT_EQ(newest["action"].as_string(), "download");
  EXPECT_EQ(newest["model_id"].as_string(), "gpt2");
  EXPECT_EQ(newest["username"].as_string(), "mary");
  EXPECT_EQ(newest["ip_address"].as_string(), "192.168.1.100");
  EXPECT_EQ(newest["timestamp"].as_string()->size(), std::string("2026-01-22T10:30:00Z").size());
  EXPECT_EQ(activity[std::size_t{1}]["action"].as_string(), "list");
}

TEST(RecentActivity, uses_the_words_of_the_old_server) {
  ApiFixture api;
  api.add_model("gpt2");
  api.get("/api/models/gpt2");
  api.put("/api/models/gpt2", "{}");
  api.del("/api/models/gpt2");
  const Answer answer = api.get("/api/stats");
  const json::Value activity = answer["stats"]["recent_activity"];
  const auto action = [&](std::size_t i) {
    return std::string{*activity[i]["action"].as_string()};
  };
  EXPECT_EQ(action(0), "delete");
  EXPECT_EQ(action(1), "update");
  EXPECT_EQ(action(2), "get");
  EXPECT_EQ(action(3), "download");
  EXPECT_EQ(activity[std::size_t{0}]["model_id"].as_string(), "gpt2");
}

}  // namespace
}  // namespace modelkeep::api
