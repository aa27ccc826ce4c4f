#include <string>

#include <gtest/gtest.h>

#include "tests/api/api_fixture.h"

namespace modelkeep::api {
namespace {

TEST(DownloadModel, that_is_new_is_202_with_the_download_and_where_to_look) {
  ApiFixture api;
  const Answer answer = api.ask("google/flan-t5-small");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer["success"].as_bool(), true);
  EXPECT_TRUE(answer["message"].as_string());
  EXPECT_EQ(answer["download"]["status"].as_string(), "queued");
  EXPECT_EQ(answer["download"]["model_id"].as_string(), "google_flan-t5-small");
  EXPECT_EQ(answer["download"]["revision"].as_string(), "main");
  EXPECT_EQ(answer["download"]["priority"].as_string(), "normal");
  EXPECT_EQ(answer["download"]["position"].as_int(), 1);
  EXPECT_EQ(answer["model"]["id"].as_string(), "google_flan-t5-small");
  EXPECT_EQ(answer["model"]["status"].as_string(), "downloading");
  EXPECT_EQ(answer.headers.at("Location"), "/api/downloads/1");
  EXPECT_EQ(api.wakes(), 1);
}

TEST(DownloadModel, counts_itself_in_the_answer_as_the_old_server_did) {
  ApiFixture api;
  const Answer answer = api.ask("bert-base-uncased");
  const json::Value model = answer["model"];
  EXPECT_EQ(model["downloaded_by"].as_string(), "john");
  EXPECT_EQ(model["stats"]["download_count"].as_int(), 1);
  EXPECT_EQ(model["stats"]["first_downloaded_by"].as_string(), "john");
  EXPECT_EQ(model["stats"]["first_downloaded_from"].as_string(), "192.168.1.100");
  EXPECT_EQ(api.get("/api/models/bert-base-uncased")["model"]["stats"]["download_count"].as_int(),
            1);
}

TEST(DownloadModel, that_is_queued_already_is_the_same_download_with_two_askers) {
  ApiFixture api;
  api.ask("gpt2", "john");
  const Answer second = api.ask("gpt2", "mary");
  EXPECT_EQ(second.status, 202);
  EXPECT_EQ(second["download"]["id"].as_int(), 1);
  EXPECT_EQ(second["download"]["requested_by"].size(), 2u);
  EXPECT_EQ(second["model"]["stats"]["first_downloaded_by"].as_string(), "john");
  EXPECT_EQ(second["model"]["stats"]["download_count"].as_int(), 2);
  EXPECT_EQ(api.get("/api/downloads")["total"].as_int(), 1);
}

TEST(DownloadModel, that_is_here_is_200_counted_and_not_fetched_again) {
  ApiFixture api;
  api.add_model("gpt2");
  const Answer answer = api.ask("gpt2", "mary");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer["download"].is_null());
  EXPECT_EQ(answer["model"]["status"].as_string(), "ready");
  EXPECT_EQ(answer["model"]["stats"]["download_count"].as_int(), 2);
  EXPECT_EQ(answer["model"]["stats"]["unique_users"].as_int(), 2) << "she is counted at once";
  EXPECT_EQ(api.ask("gpt2", "mary")["model"]["stats"]["unique_users"].as_int(), 2);
  EXPECT_EQ(api.get("/api/models/gpt2")["model"]["stats"]["unique_users"].as_int(), 2);
  EXPECT_EQ(api.get("/api/downloads")["total"].as_int(), 1);
}

TEST(DownloadModel, takes_patterns_and_priority) {
  ApiFixture api;
  const Answer answer = api.post(
      "/api/models/download",
      R"({"model_name":"gpt2","allow_patterns":["*.json"],"ignore_patterns":["*.bin"],"priority":"high"})");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer["download"]["priority"].as_string(), "high");
}

TEST(DownloadModel, that_failed_is_queued_again) {
  ApiFixture api;
  api.ask("gpt2");
  api.fail_next();
  const Answer model = api.get("/api/models/gpt2");
  EXPECT_EQ(model["model"]["status"].as_string(), "failed");
  EXPECT_EQ(api.ask("gpt2").status, 202);
}

TEST(DownloadModel, that_waits_or_would_be_queued_goes_to_the_long_pool_uncounted) {
  ApiFixture api;
  api.services().is_long_pool = false;
  api.restart();
  EXPECT_EQ(api.ask("gpt2").headers.at("X-Accel-Redirect"), "@long");
  const Answer answer = api.post("/api/models/download", R"({"model_name":"gpt2","wait":true})");
  EXPECT_EQ(answer.headers.at("X-Accel-Redirect"), "@long");
  EXPECT_EQ(api.get("/api/models")["total"].as_int(), 0);
  EXPECT_EQ(api.get("/api/stats")["stats"]["total_requests"].as_int(), 1);
}

TEST(DownloadModel, F12_of_what_cannot_fit_is_507_and_leaves_no_model_and_no_job) {
  ApiFixture api;
  api.on_wake = [&] {
    api.fail_next({ErrorKind::no_space, codes::storage_insufficient, "It needs 9 and has 1.", {}});
    return true;
  };
  const Answer answer = api.ask("gpt2");
  EXPECT_EQ(answer.status, 507) << answer.text;
  EXPECT_EQ(answer.code(), "storage_insufficient");
  EXPECT_EQ(answer["error"].as_string(), "It needs 9 and has 1.");
  EXPECT_EQ(api.get("/api/models/gpt2").status, 404);
  EXPECT_EQ(api.get("/api/downloads/1")["download"]["status"].as_string(), "cancelled");
}

TEST(DownloadModel, that_cannot_fit_stays_for_whoever_else_asked) {
  ApiFixture api;
  api.on_wake = [&] {
    api.on_wake = {};
    EXPECT_EQ(api.ask("gpt2", "eve").status, 202);
    api.fail_next({ErrorKind::no_space, codes::storage_insufficient, "Too big.", {}});
    return true;
  };
  EXPECT_EQ(api.ask("gpt2", "ada").status, 507);
  EXPECT_EQ(api.get("/api/downloads/1")["download"]["status"].as_string(), "failed");
}

TEST(DownloadModel, whose_size_nobody_says_in_time_is_queued) {
  ApiFixture api;
  api.on_wake = [] { return true; };
  const std::int64_t before_ms = api.clock().mono_ms();
  EXPECT_EQ(api.ask("gpt2").status, 202);
  EXPECT_LT(api.clock().mono_ms() - before_ms, 5'000);
}

TEST(DownloadModel, that_waits_with_a_bad_name_is_refused_at_once) {
  ApiFixture api;
  EXPECT_EQ(api.post("/api/models/download", R"({"model_name":"a/b/c","wait":true})").code(),
            "repo_id_invalid");
}

TEST(DownloadModel, that_waits_in_vain_is_202_after_25_seconds) {
  ApiFixture api;
  api.services().is_long_pool = true;
  api.restart();
  const std::int64_t before_ms = api.clock().mono_ms();
  const Answer answer = api.post("/api/models/download", R"({"model_name":"gpt2","wait":true})");
  EXPECT_EQ(answer.status, 202);
  EXPECT_GE(api.clock().mono_ms() - before_ms, 25'000);
  EXPECT_LT(api.clock().mono_ms() - before_ms, 28'000);
  EXPECT_TRUE(answer.headers.contains("Location"));
}

TEST(DownloadModel, that_waits_for_what_is_here_is_200_at_once) {
  ApiFixture api;
  api.add_model("gpt2");
  api.services().is_long_pool = true;
  api.restart();
  EXPECT_EQ(api.post("/api/models/download", R"({"model_name":"gpt2","wait":true})").status, 200);
}

TEST(DownloadModel, that_waits_ends_early_when_the_process_must_stop) {
  ApiFixture api;
  std::stop_source stop;
  stop.request_stop();
  api.services().is_long_pool = true;
  api.services().stop = stop.get_token();
  api.restart();
  const std::int64_t before_ms = api.clock().mono_ms();
  EXPECT_EQ(api.post("/api/models/download", R"({"model_name":"gpt2","wait":true})").status, 202);
  EXPECT_LT(api.clock().mono_ms() - before_ms, 2'000);
}

}  // namespace
}  // namespace modelkeep::api
