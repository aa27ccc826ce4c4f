#include <set>
#include <string>
#include <vector>

#include "base/digest.h"
#include "tests/hub/test_hub.h"

namespace modelkeep::standin {
namespace {

class Api : public TestHub {};

std::string error_code(const RawAnswer& answer) {
  return answer.header("X-Error-Code");
}

TEST_F(Api, info_names_the_commit_and_the_files) {
  const RawAnswer answer = get(url_ + "/api/models/test/tiny");
  EXPECT_EQ(answer.status, 200);
  const json::Document document = json_of(answer);
  const json::Value info = document.root();
  EXPECT_EQ(info["id"].as_string(), "test/tiny");
  EXPECT_TRUE(is_lower_hex(*info["sha"].as_string(), 40));
  EXPECT_EQ(info["gated"].as_bool(), false);
  EXPECT_EQ(info["siblings"].size(), 4U);
  EXPECT_FALSE(info["siblings"][0].has("size"));
  EXPECT_EQ(info["cardData"]["license"].as_string(), "mit");
}

TEST_F(Api, info_with_blobs_names_sizes_and_digests) {
  const json::Document document = json_of(get(url_ + "/api/models/test/tiny?blobs=true"));
  const json::Value siblings = document.root()["siblings"];
  const File& weights = file("test/tiny", "model.safetensors");
  const json::Value last = siblings[siblings.size() - 1];
  EXPECT_EQ(last["rfilename"].as_string(), "model.safetensors");
  EXPECT_EQ(last["size"].as_uint(), weights.size());
  EXPECT_EQ(last["lfs"]["sha256"].as_string(), weights.sha256);
}

TEST_F(Api, info_with_expand_gives_those_fields_and_ignores_unknown_ones) {
  const json::Document document =
      json_of(get(url_ + "/api/models/test/tiny?expand=sha&expand=xetEnabled&expand=nonsense"));
  EXPECT_TRUE(document.root().has("sha"));
  EXPECT_TRUE(document.root().has("id"));
  EXPECT_FALSE(document.root().has("siblings"));
}

TEST_F(Api, lfs_entries_have_the_git_id_of_their_pointer_and_the_sha256_of_their_bytes) {
  const json::Document document =
      json_of(get(url_ + "/api/models/test/medium/tree/main?recursive=true"));
  const json::Value entry = document.root()[1];
  const Content& content = file("test/medium", "model.safetensors").content;
  const std::string sha256 = sha256_of(content);
  EXPECT_EQ(entry["path"].as_string(), "model.safetensors");
  EXPECT_EQ(entry["lfs"]["oid"].as_string(), sha256);
  EXPECT_EQ(entry["size"].as_uint(), content.size());
  const std::string pointer = lfs_pointer(sha256, content.size());
  EXPECT_EQ(entry["oid"].as_string(), git_sha1_of(Content::text(pointer)));
  EXPECT_EQ(entry["lfs"]["pointerSize"].as_uint(), pointer.size());
}

TEST_F(Api, tree_comes_in_pages_by_absolute_links) {
  std::set<std::string> paths;
  std::string next = url_ + "/api/models/test/many-files/tree/main?recursive=true&expand=false";
  int pages = 0;
  while (!next.empty() && pages < 20) {
    const RawAnswer page = get(next);
    const json::Document document = json_of(page);
    for (std::size_t i = 0; i < document.root().size(); ++i) {
      paths.emplace(*document.root()[i]["path"].as_string());
    }
    const std::string link = page.header("Link");
    EXPECT_TRUE(link.empty() || link.starts_with("<" + url_)) << link;
    EXPECT_TRUE(link.empty() || link.ends_with(">; rel=\"next\"")) << link;
    next = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    ++pages;
  }
  EXPECT_EQ(pages, 5);
  EXPECT_EQ(paths.size(), 231U);  // 230 files and their folder
}

TEST_F(Api, tree_lists_folders_first_and_one_level_unless_told_otherwise) {
  const json::Document flat = json_of(get(url_ + "/api/models/test/odd-names/tree/main"));
  EXPECT_EQ(flat.root()[0]["type"].as_string(), "directory");
  EXPECT_EQ(flat.root().size(), 6U);
  const json::Document deep = json_of(get(url_ + "/api/models/test/odd-names/tree/main/deep%2F1"));
  EXPECT_EQ(deep.root()[0]["path"].as_string(), "deep/1/2");
}

TEST_F(Api, what_is_missing_has_its_own_code) {
  struct Row {
    const char* path;
    int status;
    const char* code;
  };
  const Row rows[] = {
      {"/api/models/test/nothing", 401, "RepoNotFound"},
      {"/api/models/test/tiny/revision/nope", 404, "RevisionNotFound"},
      {"/api/models/test/tiny/tree/main/no/folder", 404, "EntryNotFound"},
      {"/test/tiny/resolve/main/nope.txt", 404, "EntryNotFound"},
      {"/test/tiny/resolve/nope/config.json", 404, "RevisionNotFound"},
  };
  for (const Row& row : rows) {
    const RawAnswer answer = get(url_ + row.path);
    EXPECT_EQ(answer.status, row.status) << row.path;
    EXPECT_EQ(error_code(answer), row.code) << row.path;
    EXPECT_FALSE(answer.header("X-Error-Message").empty()) << row.path;
  }
  EXPECT_EQ(get(url_ + "/api/models/test/nothing", as("reader")).status, 404);
  EXPECT_FALSE(get(url_ + "/test/tiny/resolve/main/nope").header("X-Repo-Commit").empty());
}

TEST_F(Api, gated_repositories_are_listed_to_all_and_read_by_the_admitted) {
  EXPECT_EQ(get(url_ + "/api/models/test/gated").status, 200);
  const std::string path = url_ + "/test/gated/resolve/main/config.json";
  EXPECT_EQ(get(path).status, 401);
  EXPECT_EQ(error_code(get(path)), "GatedRepo");
  EXPECT_EQ(get(path, as("reader")).status, 403);
  EXPECT_EQ(error_code(get(path, as("reader"))), "GatedRepo");
  EXPECT_EQ(get(path, as("member")).status, 307);
  EXPECT_EQ(error_code(get(url_ + "/api/models/test/gated-listing")), "GatedRepo");
  const json::Document tree = json_of(get(url_ + "/api/models/test/gated/tree/main"));
  EXPECT_EQ(tree.root()[3]["xetHash"].as_string(), std::string(64, '*'));
}

TEST_F(Api, private_repositories_look_missing) {
  const std::string path = url_ + "/api/models/test/private";
  EXPECT_EQ(get(path).status, 401);
  EXPECT_EQ(error_code(get(path)), "RepoNotFound");
  EXPECT_EQ(get(path, as("reader")).status, 404);
  EXPECT_EQ(get(path, as("owner")).status, 200);
  EXPECT_EQ(get(url_ + "/api/models?search=private").body, "[]");
  EXPECT_NE(get(url_ + "/api/models?search=private", as("owner")).body, "[]");
}

TEST_F(Api, an_unknown_token_is_refused_everywhere) {
  const RequestHeaders bad{{"Authorization", "Bearer hf_nobody"}};
  for (const char* path : {"/api/whoami-v2", "/api/models", "/api/models/test/tiny",
                           "/test/tiny/resolve/main/config.json"}) {
    const RawAnswer answer = get(url_ + path, bad);
    EXPECT_EQ(answer.status, 401) << path;
    EXPECT_EQ(answer.header("X-Error-Message"), "Invalid credentials in Authorization header");
    EXPECT_EQ(error_code(answer), "");
  }
}

TEST_F(Api, disabled_repositories_say_so) {
  const RawAnswer answer = get(url_ + "/api/models/test/disabled");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.header("X-Error-Message"), "Access to this resource is disabled.");
}

TEST_F(Api, old_names_and_other_case_redirect_without_a_host) {
  struct Row {
    const char* asked;
    const char* location;
  };
  const Row rows[] = {
      {"/api/models/legacy-tiny", "/api/models/test/tiny"},
      {"/api/models/test/renamed-old/tree/main?recursive=true",
       "/api/models/test/renamed-new/tree/main?recursive=true"},
      {"/legacy-tiny/resolve/main/config.json", "/test/tiny/resolve/main/config.json"},
      {"/api/models/Test/TINY", "/api/models/test/tiny"},
  };
  for (const Row& row : rows) {
    const RawAnswer answer = get(url_ + row.asked);
    EXPECT_EQ(answer.status, 307) << row.asked;
    EXPECT_EQ(answer.header("Location"), row.location);
  }
  EXPECT_EQ(json_of(follow(url_ + "/api/models/legacy-tiny")).root()["id"].as_string(),
            "test/tiny");
}

TEST_F(Api, refs_name_branches_tags_and_proposals) {
  const json::Document refs = json_of(get(url_ + "/api/models/test/history/refs?include_prs=1"));
  EXPECT_EQ(refs.root()["branches"].size(), 2U);
  EXPECT_EQ(refs.root()["tags"][0]["name"].as_string(), "v1");
  EXPECT_EQ(refs.root()["pullRequests"][0]["ref"].as_string(), "refs/pr/1");
  EXPECT_TRUE(refs.root()["converts"].is_array());
  const std::string at = url_ + "/api/models/test/history/revision/";
  const std::string tip = std::string{*json_of(get(at + "main")).root()["sha"].as_string()};
  EXPECT_NE(*json_of(get(at + "v1")).root()["sha"].as_string(), tip);
  EXPECT_NE(*json_of(get(at + "refs%2Fpr%2F1")).root()["sha"].as_string(), tip);
  EXPECT_EQ(*json_of(get(at + tip)).root()["sha"].as_string(), tip);
}

TEST_F(Api, paths_info_takes_forms_and_json_and_leaves_out_what_is_missing) {
  const std::string url = url_ + "/api/models/test/odd-names/paths-info/main";
  const RawAnswer form = ask("POST", url, {{"Content-Type", "application/x-www-form-urlencoded"}},
                             "paths=empty.txt&paths=a%3Fb%23c%2541+d&paths=nope&expand=false");
  EXPECT_EQ(json_of(form).root().size(), 2U) << form.body;
  const RawAnswer posted = ask("POST", url, {{"Content-Type", "application/json"}},
                               R"({"paths":["folder","nope"],"expand":false})");
  EXPECT_EQ(json_of(posted).root()[0]["type"].as_string(), "directory");
}

TEST_F(Api, whoami_names_the_owner_of_the_token) {
  EXPECT_EQ(json_of(get(url_ + "/api/whoami-v2", as("member"))).root()["name"].as_string(),
            "member");
}

TEST_F(Api, every_answer_shows_the_rate_limit) {
  const RawAnswer api = get(url_ + "/api/models/test/tiny");
  EXPECT_TRUE(api.header("RateLimit").starts_with("\"api\";r=")) << api.head;
  const RawAnswer resolver = get(url_ + "/test/tiny/resolve/main/config.json");
  EXPECT_TRUE(resolver.header("RateLimit-Policy").starts_with("\"fixed window\";\"resolvers\""));
}

class LimitedApi : public TestHub {
 protected:
  LimitedApi() : TestHub({.quota = {.api = 3, .resolvers = 0, .window_s = 60}}) {}
};

TEST_F(LimitedApi, what_is_over_the_quota_gets_429_and_the_seconds_to_wait) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get(url_ + "/api/models/test/tiny").status, 200);
  const RawAnswer refused = get(url_ + "/api/models/test/tiny");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "60");
  EXPECT_TRUE(refused.header("RateLimit").starts_with("\"api\";r=0;t="));
  EXPECT_EQ(get(url_ + "/test/tiny/resolve/main/config.json").status, 307);
}

}  // namespace
}  // namespace modelkeep::standin
