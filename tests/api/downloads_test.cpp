#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/api/api_fixture.h"

namespace modelkeep::api {
namespace {

std::string status_of_download(ApiFixture& api, int id) {
  return std::string{
      *api.get("/api/downloads/" + std::to_string(id))["download"]["status"].as_string()};
}

TEST(Downloads, are_listed_newest_first_with_a_seq) {
  ApiFixture api;
  api.ask("a");
  api.ask("b");
  const Answer answer = api.get("/api/downloads");
  EXPECT_EQ(answer["total"].as_int(), 2);
  EXPECT_EQ(answer["downloads"][std::size_t{0}]["model_name"].as_string(), "b");
  EXPECT_GT(answer["seq"].as_int(), 0);
}

TEST(Downloads, since_a_seq_are_those_that_changed) {
  ApiFixture api;
  api.ask("a");
  api.ask("b");
  const std::int64_t seq = *api.get("/api/downloads")["seq"].as_int();
  EXPECT_EQ(api.get("/api/downloads?since=" + std::to_string(seq))["downloads"].size(), 0u);
  api.post("/api/downloads/1/pause", "");
  const Answer changed = api.get("/api/downloads?since=" + std::to_string(seq));
  // The other one moved up in the queue, which is a change as well.
  const json::Value downloads = changed["downloads"];
  bool is_paused = false;
  for (std::size_t i = 0; i < downloads.size(); ++i) {
    if (downloads[i]["id"].as_int() == 1)
      is_paused = downloads[i]["status"].as_string() == "paused";
  }
  EXPECT_TRUE(is_paused);
  EXPECT_GT(changed["seq"].as_int(), seq);
}

TEST(Downloads, page_by_cursor) {
  ApiFixture api;
  for (int i = 0; i < 5; ++i) api.ask("m" + std::to_string(i));
  const Answer first = api.get("/api/downloads?limit=2");
  EXPECT_EQ(first["downloads"].size(), 2u);
  const std::string cursor{*first["next_cursor"].as_string()};
  const Answer second = api.get("/api/downloads?limit=2&cursor=" + cursor);
  EXPECT_EQ(second["downloads"][std::size_t{0}]["model_name"].as_string(), "m2");
}

TEST(Downloads, are_filtered_by_status_by_group_and_by_model) {
  ApiFixture api;
  api.add_model("done");
  api.ask("org/a");
  api.ask("org/b");
  api.post("/api/downloads/3/pause", "");
  EXPECT_EQ(api.get("/api/downloads?status=active")["downloads"].size(), 2u);
  EXPECT_EQ(api.get("/api/downloads?status=active")["total"].as_int(), 2);
  EXPECT_EQ(api.get("/api/downloads?status=finished")["downloads"].size(), 1u);
  EXPECT_EQ(api.get("/api/downloads?status=paused")["downloads"].size(), 1u);
  const Answer one = api.get("/api/downloads?model_id=org_a");
  ASSERT_EQ(one["downloads"].size(), 1u);
  EXPECT_EQ(one["total"].as_int(), 1);
  EXPECT_EQ(one["downloads"][std::size_t{0}]["model_name"].as_string(), "org/a");
  EXPECT_EQ(api.get("/api/downloads?model_id=none")["total"].as_int(), 0);
}

TEST(Downloads, refuse_a_query_outside_the_rules) {
  ApiFixture api;
  EXPECT_EQ(api.get("/api/downloads?since=-1").code(), "query_invalid");
  EXPECT_EQ(api.get("/api/downloads?status=done").code(), "query_invalid");
  EXPECT_EQ(api.get("/api/downloads?limit=0").code(), "page_invalid");
  EXPECT_EQ(api.get("/api/downloads?cursor=x").code(), "page_invalid");
}

TEST(Downloads, show_files_only_while_they_matter_to_the_list) {
  ApiFixture api;
  api.add_model("gpt2");
  EXPECT_FALSE(api.get("/api/downloads")["downloads"][std::size_t{0}].has("files"));
  EXPECT_EQ(api.get("/api/downloads/1")["download"]["files"].size(), 2u);
}

TEST(Download, that_nobody_knows_is_404_and_a_bad_id_400) {
  ApiFixture api;
  EXPECT_EQ(api.get("/api/downloads/7").code(), "download_not_found");
  for (const char* id : {"0", "-1", "x", "01", "1.0", "99999999999999999999"}) {
    EXPECT_EQ(api.get(std::string{"/api/downloads/"} + id).code(), "download_id_invalid") << id;
  }
  EXPECT_EQ(api.post("/api/downloads/7/pause", "").code(), "download_not_found");
}

TEST(Download, can_be_paused_and_resumed) {
  ApiFixture api;
  api.ask("gpt2");
  const Answer paused = api.post("/api/downloads/1/pause", "");
  ASSERT_EQ(paused.status, 200) << paused.text;
  EXPECT_EQ(paused["download"]["status"].as_string(), "paused");
  EXPECT_EQ(api.post("/api/downloads/1/pause", "").status, 200);
  EXPECT_EQ(api.post("/api/downloads/1/resume", R"({"username":"john"})")["download"]["status"]
                .as_string(),
            "queued");
  EXPECT_EQ(api.wakes(), 2);
}

TEST(Download, that_is_cancelled_takes_a_model_that_never_was_ready_with_it) {
  ApiFixture api;
  api.ask("gpt2");
  EXPECT_EQ(api.post("/api/downloads/1/cancel", "{}")["download"]["status"].as_string(),
            "cancelled");
  EXPECT_EQ(api.get("/api/models/gpt2").code(), "model_not_found");
  EXPECT_EQ(status_of_download(api, 1), "cancelled");
}

TEST(Download, that_failed_shows_why_and_can_be_retried) {
  ApiFixture api;
  api.ask("gpt2");
  api.fail_next();
  const Answer failed = api.get("/api/downloads/1");
  EXPECT_EQ(failed["download"]["error_code"].as_string(), "upstream_not_found");
  EXPECT_EQ(failed["download"]["error"].as_string(), "The hub has no such repo.");
  EXPECT_EQ(api.post("/api/downloads/1/retry", "")["download"]["status"].as_string(), "queued");
}

TEST(Download, that_is_ready_cannot_be_stopped) {
  ApiFixture api;
  api.add_model("gpt2");
  for (const char* verb : {"pause", "resume", "cancel", "retry"}) {
    const Answer answer = api.post(std::string{"/api/downloads/1/"} + verb, "");
    EXPECT_EQ(answer.status, 409) << verb;
    EXPECT_EQ(answer.code(), "state_conflict") << verb;
  }
}

TEST(Download, can_be_put_first_or_given_a_priority) {
  ApiFixture api;
  for (const char* name : {"a", "b", "c"}) api.ask(name);
  const auto patch = [&](const std::string& body) {
    return api.send({.method = "PATCH", .target = "/api/downloads/3", .body = body});
  };
  EXPECT_EQ(patch(R"({"position":1})")["download"]["position"].as_int(), 1);
  EXPECT_EQ(patch(R"({"priority":"low"})")["download"]["priority"].as_string(), "low");
  EXPECT_EQ(patch(R"({"position":0})").code(), "field_invalid");
  EXPECT_EQ(patch(R"({"priority":1})").code(), "field_type");
  EXPECT_EQ(patch(R"({"speed":1})").code(), "field_unknown");
  EXPECT_EQ(patch("{}").status, 200);
}

TEST(Download, F12_retry_of_what_cannot_fit_is_507_with_both_numbers_unless_it_may_wait) {
  ApiFixture api;
  api.services().settings.reserve_bytes = [](const auto&) {
    return std::optional(std::uint64_t{1} << 60);
  };
  api.restart();
  api.ask("gpt2");
  const auto claimed = catalog::claim_next_queued(api.db(), api.clock().now());
  ASSERT_TRUE(claimed && *claimed);
  const catalog::Claim claim{(*claimed)->id, (*claimed)->epoch};
  catalog::Plan plan;
  plan.files = {
      {.path = "f", .size_bytes = 5'000'000, .sha256 = std::string(64, 'a'), .is_lfs = true}};
  ASSERT_TRUE(catalog::save_plan(api.db(), claim, plan));
  const Error full{ErrorKind::no_space, codes::storage_insufficient, "Too big.", {}};
  ASSERT_TRUE(catalog::fail_download(api.db(), claim, full, api.clock().now()));
  const Answer refused = api.post("/api/downloads/1/retry", "");
  EXPECT_EQ(refused.status, 507) << refused.text;
  EXPECT_EQ(refused.code(), "storage_insufficient");
  EXPECT_NE(refused["error"].as_string()->find("needs 4.8 MiB and the disk has 0 B left"),
            std::string_view::npos)
      << refused.text;
  EXPECT_EQ(api.ask("gpt2").status, 507);
  EXPECT_EQ(status_of_download(api, 1), "failed");
  EXPECT_EQ(api.post("/api/downloads/1/retry", R"({"when_full":"soon"})").code(), "field_invalid");
  const Answer waits = api.post("/api/downloads/1/retry", R"({"when_full":"wait"})");
  EXPECT_EQ(waits.status, 200) << waits.text;
  EXPECT_EQ(waits["download"]["when_full"].as_string(), "wait");
}

TEST(Download, verbs_refuse_a_body_that_is_no_object) {
  ApiFixture api;
  api.ask("gpt2");
  EXPECT_EQ(api.post("/api/downloads/1/pause", "[]").code(), "field_type");
  EXPECT_EQ(status_of_download(api, 1), "queued");
}

}  // namespace
}  // namespace modelkeep::api
