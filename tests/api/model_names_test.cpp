// Repo names, ids and revisions as POST /api/models/download and the routes take them.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/api/api_fixture.h"

namespace modelkeep::api {
namespace {

TEST(ModelNames, B18_to_B28_are_refused_as_repo_id_invalid) {
  const std::vector<std::string> names{"a/b/c",
                                       "/a",
                                       "a/",
                                       "..",
                                       "a..b",
                                       "a--b",
                                       ".a",
                                       "a.",
                                       "-a",
                                       "a-",
                                       "a.git",
                                       "a.GIT",
                                       "x/a.Git",
                                       std::string(97, 'a'),
                                       std::string(97, 'a') + "/b",
                                       "\u0430",
                                       "\uff41",
                                       "a\\n",
                                       "a%2Fb",
                                       "datasets/a/b",
                                       "https://huggingface.co/a/b",
                                       "a b",
                                       "a?b",
                                       "a\\\\b",
                                       "a:b",
                                       "~a",
                                       ".",
                                       "/"};
  ApiFixture api;
  for (const std::string& name : names) {
    const Answer answer = api.ask(name);
    EXPECT_EQ(answer.status, 400) << name;
    EXPECT_EQ(answer.code(), "repo_id_invalid") << name;
  }
  EXPECT_EQ(api.get("/api/models")["total"].as_int(), 0);
  EXPECT_EQ(api.get("/api/downloads")["total"].as_int(), 0);
}

TEST(ModelNames, B28_an_address_is_answered_with_a_hint) {
  ApiFixture api;
  const Answer answer = api.ask("https://huggingface.co/google/flan-t5-small");
  EXPECT_NE(answer["error"].as_string()->find("only the repo name"), std::string::npos);
}

TEST(ModelNames, are_echoed_at_most_100_characters) {
  ApiFixture api;
  const Answer answer = api.ask(std::string(3'000, 'a'));
  EXPECT_LT(answer["error"].as_string()->size(), 250u);
}

TEST(ModelNames, that_the_hub_allows_are_taken) {
  ApiFixture api;
  for (const char* name : {"gpt2", "google/flan-t5-small", "_a/b_", "a.b/c-d_e", "0/1", "A/B"}) {
    EXPECT_EQ(api.ask(name).status, 202) << name;
  }
  const std::string longest = std::string(96, 'n') + "/" + std::string(96, 'm');
  EXPECT_EQ(api.ask(longest).status, 202);
}

TEST(ModelNames, B29_whose_plain_ids_collide_both_live) {
  ApiFixture api;
  const Answer first = api.ask("a/b_c");
  const Answer second = api.ask("a_b/c");
  EXPECT_EQ(first["model"]["id"].as_string(), "a_b_c");
  ASSERT_EQ(second.status, 202);
  const std::string id{*second["model"]["id"].as_string()};
  EXPECT_TRUE(id.starts_with("a_b_c~")) << id;
  EXPECT_EQ(id.size(), std::string("a_b_c~").size() + 8);
  EXPECT_EQ(api.get("/api/models/" + id)["model"]["name"].as_string(), "a_b/c");
  EXPECT_EQ(api.get("/api/models?name=a_b/c")["models"][std::size_t{0}]["id"].as_string(), id);
  EXPECT_EQ(api.ask("a_b/c")["model"]["id"].as_string(), id);
}

TEST(ModelNames, B30_of_what_the_mount_keeps_get_a_suffixed_id) {
  ApiFixture api;
  const Answer answer = api.ask("models_db.json");
  ASSERT_EQ(answer.status, 202);
  EXPECT_TRUE(answer["model"]["id"].as_string()->starts_with("models_db.json~"));
}

TEST(ModelIds, B31_that_are_no_ids_are_refused_and_nothing_is_read) {
  ApiFixture api;
  const std::vector<std::string> ids{
      "..",    "%2e%2e",     "..%2f..%2fetc",      ".",           "a%20b",
      "a%2Fb", "a%5c..%5cb", "%0d%0aSet-Cookie:x", "a%E2%80%AEb", std::string(221, 'a')};
  for (const std::string& id : ids) {
    for (const char* method : {"GET", "DELETE"}) {
      const Answer answer = api.send({.method = method, .target = "/api/models/" + id});
      EXPECT_EQ(answer.status, 400) << id;
      EXPECT_EQ(answer.code(), "model_id_invalid") << id;
    }
    EXPECT_EQ(api.put("/api/models/" + id, "{}").code(), "model_id_invalid") << id;
  }
}

TEST(ModelIds, B36_are_decoded_once) {
  ApiFixture api;
  EXPECT_EQ(api.get("/api/models/%252e%252e").status, 400);
  EXPECT_EQ(api.get("/api/models/%67pt2").code(), "model_not_found");
}

TEST(ModelIds, that_no_model_has_are_404) {
  ApiFixture api;
  EXPECT_EQ(api.get("/api/models/gpt2").code(), "model_not_found");
  EXPECT_EQ(api.del("/api/models/gpt2").code(), "model_not_found");
  EXPECT_EQ(api.put("/api/models/gpt2", R"({"pinned":true})").code(), "model_not_found");
  EXPECT_EQ(api.get("/api/models/download").code(), "model_not_found");
}

TEST(Revisions, B46_that_git_would_refuse_are_refused) {
  ApiFixture api;
  const std::vector<std::string> revisions{
      "../x", "a..b", "x.lock", "-",    "",     std::string(256, 'a'),
      "/a",   "a/",   "a//b",   ".a",   "a/.b", "a.lock/b",
      "a.",   "a b",  "a~1",    "a@{1}"};
  for (const std::string& revision : revisions) {
    const Answer answer =
        api.post("/api/models/download", R"({"model_name":"gpt2","revision":")" + revision + "\"}");
    EXPECT_EQ(answer.status, 400) << revision;
    EXPECT_EQ(answer.code(), "revision_invalid") << revision;
  }
  EXPECT_EQ(api.get("/api/models")["total"].as_int(), 0);
}

TEST(Revisions, that_git_allows_are_taken) {
  ApiFixture api;
  for (const std::string revision : {"main", "refs/pr/1", "v1.0+cu", "feature/x_y-z", "abcdef0"}) {
    const Answer answer =
        api.post("/api/models/download", R"({"model_name":"gpt2","revision":")" + revision + "\"}");
    EXPECT_EQ(answer.status, 202) << revision;
    EXPECT_EQ(answer["download"]["revision"].as_string(), revision);
  }
}

}  // namespace
}  // namespace modelkeep::api
