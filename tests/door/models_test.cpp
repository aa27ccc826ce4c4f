// Model info, the list, the manifest, who one is.
#include "sqlite/transaction.h"
#include "tests/door/door_fixture.h"

namespace modelkeep::hub {
namespace {

class HubModels : public DoorFixture {};

TEST_F(HubModels, info_has_what_clients_read_without_a_default) {
  for (const char* tail : {"", "/revision/main", "/revision/HEAD"}) {
    const Answer answer = get(std::string("/hf/api/models/acme/tiny-llm") + tail);
    EXPECT_EQ(answer.status, 200);
    const json::Value info = answer.root();
    EXPECT_EQ(info["id"].as_string(), "acme/tiny-llm");
    EXPECT_EQ(info["sha"].as_string(), kCommit);
    EXPECT_EQ(info["author"].as_string(), "acme");
    EXPECT_EQ(info["_id"].as_string().value_or("").size(), 24U);
    EXPECT_EQ(info["private"].as_bool(), false);
    EXPECT_EQ(info["gated"].as_bool(), false);
    EXPECT_TRUE(info["tags"].is_array());
    EXPECT_EQ(info["lastModified"].as_string().value_or("").size(), 24U);
    EXPECT_EQ(info["siblings"].size(), 7U);
    EXPECT_FALSE(info["siblings"][0].has("size"));
  }
}

TEST_F(HubModels, info_with_blobs_has_sizes_and_digests) {
  const Answer answer = get("/hf/api/models/acme/tiny-llm?blobs=true&securityStatus=true");
  const json::Value siblings = answer.root()["siblings"];
  EXPECT_EQ(siblings[2]["blobId"].as_string(), git_blob_oid(kConfig));
  EXPECT_EQ(siblings[5]["lfs"]["sha256"].as_string(), sha256_hex("weights one"));
  EXPECT_EQ(siblings[5]["size"].as_int(), 11);
  EXPECT_TRUE(answer.root()["securityRepoStatus"].is_object());
}

TEST_F(HubModels, expand_gives_those_fields_and_forgives_unknown_ones) {
  const Answer answer =
      get("/hf/api/models/acme/tiny-llm?expand=sha&expand=siblings&expand=xetEnabled");
  std::vector<std::string> names;
  answer.root().each_member([&](std::string_view name, json::Value) { names.emplace_back(name); });
  EXPECT_EQ(names, (std::vector<std::string>{"_id", "id", "sha", "siblings"}));
}

TEST_F(HubModels, a_model_answers_to_the_name_that_upstream_gives_it) {
  store_.ask("old-name");
  const catalog::Claim claim = store_.claim();
  store_.finish(claim, shapes(), std::string(40, 'f'));
  auto writing = must(sqlite::WriteTransaction::begin(store_.db()));
  must(store_.db().run("UPDATE models SET canonical_name = 'new/name' WHERE name = 'old-name'"));
  must(writing.commit());
  EXPECT_EQ(get("/hf/api/models/old-name").root()["id"].as_string(), "new/name");
  EXPECT_EQ(get("/hf/api/models/new/name").root()["sha"].as_string(), std::string(40, 'f'));
}

TEST_F(HubModels, the_list_is_searched_filtered_sorted_and_paged) {
  add_repo("other/second", std::string(40, 'b'));
  add_repo("solo", std::string(40, 'b'));
  EXPECT_EQ(get("/hf/api/models").root().size(), 3U);
  EXPECT_EQ(get("/hf/api/models?search=TINY&search=acme").root().size(), 1U);
  EXPECT_EQ(get("/hf/api/models?author=other").text_at(0, "id"), "other/second");
  EXPECT_EQ(get("/hf/api/models?filter=none").root().size(), 0U);
  EXPECT_EQ(get("/hf/api/models?sort=unknown&direction=-1&gated=false").status, 200);
  EXPECT_EQ(get("/hf/api/models?full=true").root()[0]["siblings"].size(), 7U);
  const Answer first = get("/hf/api/models?limit=2");
  EXPECT_EQ(first.root().size(), 2U);
  const std::string link = first.header("Link");
  ASSERT_TRUE(link.starts_with("<http://store.example:8080/hf/api/models?limit=2&cursor="));
  const auto path = link.find("/hf/");
  const Answer second = get(link.substr(path, link.find('>') - path));
  ASSERT_EQ(second.root().size(), 1U);
  EXPECT_EQ(second.text_at(0, "id"), "solo");
  EXPECT_TRUE(second.header("Link").empty());
}

TEST_F(HubModels, a_model_that_holds_nothing_yet_is_not_there) {
  store_.ask("acme/on-its-way");
  EXPECT_EQ(get("/hf/api/models/acme/on-its-way").header("X-Error-Code"), "RepoNotFound");
  EXPECT_EQ(get("/hf/api/models").root().size(), 1U);
}

TEST_F(HubModels, a_manifest_names_the_file_that_llama_cpp_would_take) {
  store_.ask("acme/quants");
  store_.finish(store_.claim(),
                {lfs_file("mmproj-f16.gguf", "p"), lfs_file("m-Q8_0.gguf", "eight"),
                 lfs_file("m-Q4_K_M.gguf", "four"), git_file("README.md", "x")},
                std::string(40, 'e'));
  const Answer latest = send({.target = "/v2/acme/quants/manifests/latest", .door = "root"});
  EXPECT_EQ(latest.root()["ggufFile"]["rfilename"].as_string(), "m-Q4_K_M.gguf");
  EXPECT_EQ(latest.root()["mmprojFile"]["rfilename"].as_string(), "mmproj-f16.gguf");
  EXPECT_EQ(latest.root()["ggufFile"]["lfs"]["sha256"].as_string(), sha256_hex("four"));
  EXPECT_EQ(get("/hf/v2/acme/quants/manifests/q8_0").root()["ggufFile"]["rfilename"].as_string(),
            "m-Q8_0.gguf");
  EXPECT_EQ(get("/hf/v2/acme/quants/manifests/IQ1").header("X-Error-Code"), "EntryNotFound");
}

TEST_F(HubModels, everyone_is_anonymous_and_may_read) {
  const Answer who = get("/hf/api/whoami-v2");
  EXPECT_EQ(who.root()["name"].as_string(), "anonymous");
  EXPECT_TRUE(who.root()["orgs"].is_array());
  EXPECT_EQ(who.root()["auth"]["accessToken"]["role"].as_string(), "read");
  EXPECT_EQ(get("/hf/api/models/acme/tiny-llm/auth-check").status, 200);
  EXPECT_EQ(get("/hf/api/models/acme/none/auth-check").header("X-Error-Code"), "RepoNotFound");
}

}  // namespace
}  // namespace modelkeep::hub
