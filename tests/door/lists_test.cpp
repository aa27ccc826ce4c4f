// tree, paths-info, refs, commits.
#include "tests/door/door_fixture.h"

namespace modelkeep::hub {
namespace {

class HubLists : public DoorFixture {
 protected:
  std::vector<std::string> paths(const std::string& target) {
    std::vector<std::string> found;
    const Answer answer = get(target);
    EXPECT_EQ(answer.status, 200) << target << answer.text;
    for (std::size_t i = 0; i < answer.root().size(); ++i)
      found.push_back(answer.text_at(i, "path"));
    return found;
  }
};

const std::string kTree = "/hf/api/models/acme/tiny-llm/tree/";

TEST_F(HubLists, the_top_shows_folders_before_files) {
  EXPECT_EQ(paths(kTree + "main"),
            (std::vector<std::string>{"custom code", ".gitattributes", "README.md", "config.json",
                                      "model-00001-of-00002.safetensors",
                                      "model-00002-of-00002.safetensors"}));
}

TEST_F(HubLists, a_recursive_tree_shows_every_file_with_its_path_from_the_top) {
  const auto found = paths(kTree + kCommit + "?recursive=true&expand=false");
  EXPECT_EQ(found.size(), 8U);
  EXPECT_EQ(found[4], "custom code/__init__.py");
  EXPECT_EQ(paths(kTree + "main/custom%20code"),
            (std::vector<std::string>{"custom code/__init__.py", kOddPath}));
  EXPECT_EQ(get(kTree + "main/none").header("X-Error-Code"), "EntryNotFound");
  EXPECT_EQ(get(kTree + "none").header("X-Error-Code"), "RevisionNotFound");
}

TEST_F(HubLists, entries_carry_both_kinds_of_digest) {
  const Answer answer = get(kTree + "main");
  EXPECT_EQ(answer.text_at(3, "oid"), git_blob_oid(kConfig));
  EXPECT_FALSE(answer.root()[3].has("lfs"));
  const json::Value lfs = answer.root()[4]["lfs"];
  EXPECT_EQ(lfs["oid"].as_string(), sha256_hex("weights one"));
  EXPECT_EQ(lfs["size"].as_int(), 11);
  EXPECT_GT(lfs["pointerSize"].as_int().value_or(0), 100);
  EXPECT_EQ(answer.text_at(0, "type"), "directory");
  EXPECT_EQ(answer.text_at(0, "oid").size(), 40U);
  EXPECT_FALSE(answer.root()[3].has("lastCommit"));
  const Answer expanded = get(kTree + "main?expand=True");
  EXPECT_EQ(expanded.root()[3]["lastCommit"]["id"].as_string(), kCommit);
  EXPECT_FALSE(expanded.root()[3].has("securityFileStatus"));
}

TEST_F(HubLists, pages_follow_links_of_our_own_until_there_is_none) {
  std::string target = kTree + kCommit + "?recursive=true&limit=3";
  std::vector<std::string> found;
  for (int page = 0; page < 5 && !target.empty(); ++page) {
    for (const std::string& path : paths(target)) found.push_back(path);
    const std::string link = get(target).header("Link");
    if (link.empty()) break;
    const std::string ours = "<http://store.example:8080";
    ASSERT_TRUE(link.starts_with(ours + "/hf/api/models/acme/tiny-llm/tree/")) << link;
    ASSERT_TRUE(link.ends_with(">; rel=\"next\"")) << link;
    target = link.substr(ours.size(), link.find('>') - ours.size());
  }
  EXPECT_EQ(found, paths(kTree + kCommit + "?recursive=true"));
  EXPECT_EQ(get(kTree + "main?cursor=zz").status, 400);
}

TEST_F(HubLists, at_the_root_links_have_no_prefix) {
  const Answer answer =
      send({.target = "/api/models/acme/tiny-llm/tree/main?limit=1", .door = "root"});
  EXPECT_TRUE(answer.header("Link").starts_with(
      "<http://store.example:8080/api/models/acme/tiny-llm/tree/main?limit=1&cursor="))
      << answer.header("Link");
}

TEST_F(HubLists, paths_info_takes_a_form_and_json_and_leaves_out_what_is_not_there) {
  const std::string target = "/hf/api/models/acme/tiny-llm/paths-info/main";
  const Answer form = send({.target = target,
                            .method = "POST",
                            .body = "paths=config.json&paths=custom+code&paths=none&expand=false",
                            .content_type = "application/x-www-form-urlencoded"});
  const Answer in_json = send({.target = target,
                               .method = "POST",
                               .body = R"({"paths":["config.json","custom code","none"]})",
                               .content_type = "application/json"});
  EXPECT_EQ(form.status, 200);
  EXPECT_EQ(form.root().size(), 2U);
  EXPECT_EQ(form.text, in_json.text);
  EXPECT_EQ(form.text_at(1, "type"), "directory");
  const Answer other =
      send({.target = target, .method = "POST", .body = "x", .content_type = "text/plain"});
  EXPECT_EQ(other.status, 415);
}

TEST_F(HubLists, paths_info_takes_hundreds_of_paths) {
  std::string body = "paths=config.json";
  for (int i = 0; i < 600; ++i) body += "&paths=none" + std::to_string(i);
  const Answer answer = send({.target = "/hf/api/models/acme/tiny-llm/paths-info/main",
                              .method = "POST",
                              .body = body,
                              .content_type = "application/x-www-form-urlencoded"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.root().size(), 1U);
}

TEST_F(HubLists, refs_name_what_is_held_and_main_first) {
  add_repo("acme/tiny-llm", std::string(40, 'd'), "a-branch");
  const Answer answer = get("/hf/api/models/acme/tiny-llm/refs");
  const json::Value branches = answer.root()["branches"];
  ASSERT_EQ(branches.size(), 2U) << answer.text;
  EXPECT_EQ(branches[0]["name"].as_string(), "main");
  EXPECT_EQ(branches[0]["ref"].as_string(), "refs/heads/main");
  EXPECT_EQ(branches[0]["targetCommit"].as_string(), kCommit);
  EXPECT_TRUE(answer.root()["converts"].is_array());
  EXPECT_TRUE(answer.root()["tags"].is_array());
  EXPECT_EQ(head("/hf/acme/tiny-llm/resolve/a-branch/config.json").header("X-Repo-Commit"),
            std::string(40, 'd'));
}

TEST_F(HubLists, commits_are_those_that_are_held) {
  const Answer answer = get("/hf/api/models/acme/tiny-llm/commits/main");
  EXPECT_EQ(answer.text_at(0, "id"), kCommit);
  EXPECT_TRUE(answer.root()[0]["authors"].is_array());
  EXPECT_EQ(answer.header("X-Total-Count"), "1");
}

}  // namespace
}  // namespace modelkeep::hub
