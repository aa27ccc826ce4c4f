#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/api/api_fixture.h"

namespace modelkeep::api {
namespace {

TEST(ModelAnswer, has_the_members_of_the_old_server) {
  ApiFixture api;
  api.add_model("google/flan-t5-small");
  const Answer list = api.get("/api/models");
  EXPECT_EQ(list["success"].as_bool(), true);
  const json::Value model = list["models"][std::size_t{0}];
  EXPECT_EQ(model["id"].as_string(), "google_flan-t5-small");
  EXPECT_EQ(model["name"].as_string(), "google/flan-t5-small");
  EXPECT_GT(model["size_bytes"].as_int(), 0);
  EXPECT_EQ(model["status"].as_string(), "ready");
  EXPECT_EQ(model["downloaded_by"].as_string(), "john");
  EXPECT_EQ(model["path"].as_string(), api.layout().mount() + "/google_flan-t5-small");
  const json::Value stats = model["stats"];
  EXPECT_EQ(stats["download_count"].as_int(), 1);
  EXPECT_EQ(stats["access_count"].as_int(), 0);
  EXPECT_EQ(stats["total_requests"].as_int(), 1);
  EXPECT_EQ(stats["first_downloaded_by"].as_string(), "john");
  EXPECT_EQ(stats["first_downloaded_from"].as_string(), "192.168.1.100");
}

TEST(ModelAnswer, counts_each_successful_look_at_the_model) {
  ApiFixture api;
  api.add_model("gpt2");
  for (int i = 0; i < 5; ++i) api.get("/api/models/gpt2");
  api.get("/api/models");
  api.get("/api/models/nothing");
  const Answer answer = api.get("/api/models/gpt2");
  EXPECT_EQ(answer["model"]["stats"]["access_count"].as_int(), 5);
  EXPECT_EQ(answer["model"]["stats"]["download_count"].as_int(), 1);
  EXPECT_EQ(answer["model"]["stats"]["total_requests"].as_int(), 6);
}

TEST(ModelAnswer, shows_files_and_revisions_of_a_ready_model) {
  ApiFixture api;
  api.add_model("gpt2");
  const Answer answer = api.get("/api/models/gpt2");
  const json::Value model = answer["model"];
  EXPECT_EQ(model["files"].size(), 2u);
  EXPECT_EQ(model["files"][std::size_t{0}]["path"].as_string(), "config.json");
  EXPECT_EQ(model["files"][std::size_t{0}]["sha256"].as_string()->size(), 64u);
  EXPECT_EQ(model["revisions"].size(), 1u);
  EXPECT_EQ(model["revisions"][std::size_t{0}]["current"].as_bool(), true);
  EXPECT_FALSE(model.has("download"));
}

TEST(ModelAnswer, is_the_newest_also_where_the_model_was_shown_before) {
  ApiFixture api;
  api.add_model("gpt2");
  EXPECT_EQ(api.get("/api/models/gpt2")["model"]["description"].as_string(), "");
  EXPECT_EQ(api.get("/api/models")["models"][std::size_t{0}]["pinned"].as_bool(), false);
  api.put("/api/models/gpt2", R"({"description":"Small.","pinned":true})");
  EXPECT_EQ(api.get("/api/models/gpt2")["model"]["description"].as_string(), "Small.");
  EXPECT_EQ(api.get("/api/models")["models"][std::size_t{0}]["pinned"].as_bool(), true);
  // The id is the same, the model is another.
  api.del("/api/models/gpt2");
  api.ask("gpt2");
  EXPECT_EQ(api.get("/api/models/gpt2")["model"]["description"].as_string(), "");
  EXPECT_EQ(api.get("/api/models/gpt2")["model"]["files"].size(), 0u);
}

TEST(ModelAnswer, shows_the_download_that_is_under_way) {
  ApiFixture api;
  api.ask("gpt2");
  const Answer answer = api.get("/api/models/gpt2");
  EXPECT_EQ(answer["model"]["status"].as_string(), "downloading");
  EXPECT_EQ(answer["model"]["download"]["status"].as_string(), "queued");
  EXPECT_EQ(answer["model"]["download"]["requested_by"][std::size_t{0}]["username"].as_string(),
            "john");
}

TEST(UpdateModel, sets_what_people_say_about_it) {
  ApiFixture api;
  api.add_model("gpt2");
  const Answer answer = api.put(
      "/api/models/gpt2",
      R"({"status":"archived","description":"Old \"friend\"","tags":["nlp","small"],"pinned":true,"x":1})");
  ASSERT_EQ(answer.status, 200) << answer.text;
  EXPECT_EQ(answer["model"]["status"].as_string(), "archived");
  EXPECT_EQ(answer["model"]["description"].as_string(), "Old \"friend\"");
  EXPECT_EQ(answer["model"]["tags"].size(), 2u);
  EXPECT_EQ(answer["model"]["pinned"].as_bool(), true);
  EXPECT_EQ(api.put("/api/models/gpt2", R"({"status":"ready"})")["model"]["status"].as_string(),
            "ready");
  EXPECT_EQ(api.get("/api/models/gpt2")["model"]["pinned"].as_bool(), true);
}

TEST(UpdateModel, B59_refuses_what_is_computed) {
  ApiFixture api;
  api.add_model("gpt2");
  for (const char* body :
       {R"({"size_bytes":1})", R"({"id":"x"})", R"({"name":"x"})", R"({"stats":{}})",
        R"({"integrity":"verified"})", R"({"path":"/"})", R"({"downloaded_by":"x"})"}) {
    const Answer answer = api.put("/api/models/gpt2", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.code(), "field_invalid") << body;
  }
}

TEST(UpdateModel, refuses_values_outside_their_rules) {
  ApiFixture api;
  api.add_model("gpt2");
  std::string many = R"({"tags":["t")";
  for (int i = 0; i < 64; ++i) many += ",\"t" + std::to_string(i) + "\"";
  many += "]}";
  for (const std::string& body :
       {std::string{R"({"status":"downloading"})"}, std::string{R"({"status":"deleted"})"},
        std::string{R"({"tags":[""]})"}, std::string{R"({"tags":["a\nb"]})"},
        R"({"tags":[")" + std::string(65, 'x') + "\"]}", many}) {
    EXPECT_EQ(api.put("/api/models/gpt2", body).code(), "field_invalid") << body;
  }
  EXPECT_EQ(api.put("/api/models/gpt2", R"({"pinned":"yes"})").code(), "field_type");
  EXPECT_EQ(api.put("/api/models/gpt2", R"({"tags":"a"})").code(), "field_type");
}

TEST(UpdateModel, B60_cannot_make_a_failed_model_ready) {
  ApiFixture api;
  api.ask("gpt2");
  EXPECT_EQ(api.put("/api/models/gpt2", R"({"status":"ready"})").code(), "state_conflict");
  api.fail_next();
  const Answer answer = api.put("/api/models/gpt2", R"({"status":"ready"})");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.code(), "state_conflict");
}

TEST(UpdateModel, changes_only_what_the_caller_has_seen) {
  ApiFixture api;
  api.add_model("gpt2");
  const std::string etag = api.get("/api/models/gpt2").headers.at("ETag");
  const auto put_if = [&](const std::string& if_match) {
    return api.send({.method = "PUT",
                     .target = "/api/models/gpt2",
                     .body = R"({"pinned":true})",
                     .if_match = if_match});
  };
  EXPECT_EQ(put_if("\"other\"").status, 412);
  EXPECT_EQ(put_if("\"other\"").code(), "etag_mismatch");
  const Answer changed = put_if(etag);
  EXPECT_EQ(changed.status, 200);
  EXPECT_NE(changed.headers.at("ETag"), etag);
  EXPECT_EQ(put_if(etag).status, 412);
  EXPECT_EQ(put_if("*").status, 200);
  const std::string now = api.get("/api/models/gpt2").headers.at("ETag");
  EXPECT_EQ(put_if("\"other\", W/" + now).status, 200);
}

TEST(UpdateModel, use_alone_does_not_move_the_etag) {
  ApiFixture api;
  api.add_model("gpt2");
  const std::string etag = api.get("/api/models/gpt2").headers.at("ETag");
  EXPECT_EQ(api.get("/api/models/gpt2").headers.at("ETag"), etag);
}

TEST(DeleteModel, frees_the_id_at_once_and_asks_for_the_folder_to_go) {
  ApiFixture api;
  api.add_model("gpt2");
  const Answer answer = api.del("/api/models/gpt2");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer["message"].as_string(), "Model deleted successfully");
  EXPECT_EQ(api.removals_asked(), 1);
  EXPECT_EQ(api.get("/api/models/gpt2").code(), "model_not_found");
  EXPECT_EQ(api.del("/api/models/gpt2").code(), "model_not_found");
  EXPECT_EQ(api.ask("gpt2").status, 202);
}

TEST(DeleteModel, F36_while_it_downloads_lets_a_new_download_begin) {
  ApiFixture api;
  const auto first = *api.ask("gpt2")["download"]["id"].as_int();
  EXPECT_EQ(api.del("/api/models/gpt2").status, 200);
  const Answer again = api.ask("gpt2");
  EXPECT_EQ(again.status, 202);
  EXPECT_NE(*again["download"]["id"].as_int(), first);
  EXPECT_EQ(api.get("/api/downloads/" + std::to_string(first))["download"]["status"].as_string(),
            "cancelled");
}

TEST(DeleteModel, B58_ignores_a_body) {
  ApiFixture api;
  api.add_model("gpt2");
  EXPECT_EQ(api.send({.method = "DELETE",
                      .target = "/api/models/gpt2",
                      .body = "a=b",
                      .content_type = "application/x-www-form-urlencoded"})
                .status,
            200);
}

TEST(DeleteModel, takes_purge_as_true_or_false) {
  ApiFixture api;
  api.add_model("gpt2");
  EXPECT_EQ(api.del("/api/models/gpt2?purge=maybe").code(), "query_invalid");
  EXPECT_EQ(api.del("/api/models/gpt2?purge=true").status, 200);
}

TEST(Database, F41_that_does_not_answer_is_503_with_retry_after) {
  ApiFixture api;
  api.services().state.database = api.layout().state_dir() + "/elsewhere/modelkeep.db";
  api.restart();
  const Answer answer = api.get("/api/models");
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(answer.code().starts_with("database_")) << answer.code();
  EXPECT_TRUE(answer.headers.contains("Retry-After"));
  EXPECT_EQ(answer.text.find(api.layout().mount()), std::string::npos);
}

}  // namespace
}  // namespace modelkeep::api
