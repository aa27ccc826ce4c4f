#include "catalog/revisions.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/api/api_fixture.h"

namespace modelkeep::api {
namespace {

const std::string kShown(40, 'a');

TEST(ListRevisions, shows_where_each_is_read_from) {
  ApiFixture api;
  api.add_model("gpt2");
  const Answer answer = api.get("/api/models/gpt2/revisions");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer["total"].as_int(), 1);
  const json::Value revision = answer["revisions"][std::size_t{0}];
  EXPECT_EQ(revision["commit"].as_string(), kShown);
  EXPECT_EQ(revision["current"].as_bool(), true);
  EXPECT_EQ(revision["path"].as_string(), api.layout().mount() + "/gpt2");
  EXPECT_EQ(revision["refs"][std::size_t{0}].as_string(), "main");
  EXPECT_EQ(api.get("/api/models/nope/revisions").code(), "model_not_found");
}

TEST(DeleteRevision, refuses_what_the_folder_shows_and_what_is_not_there) {
  ApiFixture api;
  api.add_model("gpt2");
  EXPECT_EQ(api.del("/api/models/gpt2/revisions/" + kShown).status, 409);
  EXPECT_EQ(api.del("/api/models/gpt2/revisions/" + std::string(40, 'b')).code(),
            "revision_not_found");
  EXPECT_EQ(api.del("/api/models/gpt2/revisions/..").status, 400);
  EXPECT_EQ(api.del("/api/models/nope/revisions/" + kShown).code(), "model_not_found");
}

TEST(UpdateModel, by_post_queues_what_upstream_has_while_the_model_stays_ready) {
  ApiFixture api;
  api.add_model("gpt2");
  const int wakes = api.wakes();
  const Answer answer = api.post("/api/models/gpt2/update", R"({"username":"mary"})");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer["download"]["status"].as_string(), "queued");
  EXPECT_EQ(answer["download"]["requested_by"][std::size_t{0}]["username"].as_string(), "mary");
  EXPECT_EQ(answer["model"]["status"].as_string(), "ready");
  EXPECT_EQ(answer.headers.at("Location"), "/api/downloads/2");
  EXPECT_EQ(api.wakes(), wakes + 1);
  EXPECT_EQ(api.post("/api/models/gpt2/update", "")["download"]["id"].as_int(), 2);
  EXPECT_EQ(api.post("/api/models/nope/update", "").code(), "model_not_found");
}

TEST(UpdateModel, by_post_is_refused_while_the_first_download_runs) {
  ApiFixture api;
  api.ask("gpt2");
  EXPECT_EQ(api.post("/api/models/gpt2/update", "").status, 409);
}

TEST(UpdateModel, F12_of_what_cannot_fit_is_507_with_both_numbers) {
  ApiFixture api;
  api.services().settings.reserve_bytes = [](const auto&) {
    return std::optional(std::uint64_t{1} << 60);
  };
  api.restart();
  api.add_model("gpt2");
  ASSERT_EQ(api.post("/api/models/gpt2/update", "").status, 202);
  const auto claimed = catalog::claim_next_queued(api.db(), api.clock().now());
  ASSERT_TRUE(claimed && *claimed);
  const catalog::Claim claim{(*claimed)->id, (*claimed)->epoch};
  catalog::Plan plan;
  plan.files = {
      {.path = "f", .size_bytes = 5'000'000, .sha256 = std::string(64, 'a'), .is_lfs = true}};
  ASSERT_TRUE(catalog::save_plan(api.db(), claim, plan));
  const Error full{ErrorKind::no_space, codes::storage_insufficient, "Too big.", {}};
  ASSERT_TRUE(catalog::fail_download(api.db(), claim, full, api.clock().now()));
  const Answer refused = api.post("/api/models/gpt2/update", "");
  EXPECT_EQ(refused.status, 507) << refused.text;
  EXPECT_EQ(refused.code(), "storage_insufficient");
  EXPECT_NE(refused["error"].as_string()->find("needs 4.8 MiB and the disk has 0 B left"),
            std::string_view::npos)
      << refused.text;
  EXPECT_EQ(api.get("/api/models/gpt2")["model"]["status"].as_string(), "ready");
}

TEST(GetModel, says_when_upstream_has_something_newer) {
  ApiFixture api;
  api.add_model("gpt2");
  EXPECT_EQ(api.get("/api/models/gpt2")["model"]["update_available"].as_bool(), false);
  const auto due = catalog::next_lookout(api.db(), Time{api.clock().now().ms + 1'000'000});
  ASSERT_TRUE(due && *due);
  ASSERT_TRUE(catalog::save_look(api.db(), **due, std::string(40, 'b'), "", api.clock().now()));
  for (const char* target : {"/api/models/gpt2", "/api/models?name=gpt2"}) {
    const Answer answer = api.get(target);
    const json::Value one = answer["model"];
    const json::Value model = one.is_null() ? answer["models"][std::size_t{0}] : one;
    EXPECT_EQ(model["update_available"].as_bool(), true) << target;
    EXPECT_EQ(model["newer_commit"].as_string(), std::string(40, 'b')) << target;
    EXPECT_TRUE(model["newer_seen_at"].as_string()) << target;
  }
}

}  // namespace
}  // namespace modelkeep::api
