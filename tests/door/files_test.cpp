// resolve and raw.
#include "tests/door/door_fixture.h"

namespace modelkeep::hub {
namespace {

const std::string kWeights = "model-00001-of-00002.safetensors";

class HubFiles : public DoorFixture {};

TEST_F(HubFiles, a_git_file_is_known_by_its_git_object) {
  const Answer answer = head("/hf/acme/tiny-llm/resolve/main/config.json");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.type, "text/plain; charset=utf-8");
  EXPECT_EQ(answer.header("ETag"), '"' + git_blob_oid(kConfig) + '"');
  EXPECT_EQ(answer.header("X-Repo-Commit"), kCommit);
  EXPECT_EQ(answer.header("Accept-Ranges"), "bytes");
  EXPECT_EQ(answer.header("Content-Disposition"),
            "inline; filename*=UTF-8''config.json; filename=\"config.json\";");
  EXPECT_EQ(answer.length, static_cast<std::int64_t>(kConfig.size()));
  EXPECT_TRUE(answer.header("X-Linked-Etag").empty());
  EXPECT_TRUE(answer.header("X-Accel-Redirect").empty());
}

TEST_F(HubFiles, an_lfs_file_is_known_by_its_digest) {
  const Answer answer = head("/hf/acme/tiny-llm/resolve/main/" + kWeights);
  const std::string etag = '"' + sha256_hex("weights one") + '"';
  EXPECT_EQ(answer.header("ETag"), etag);
  EXPECT_EQ(answer.header("X-Linked-Etag"), etag);
  EXPECT_EQ(answer.header("X-Linked-Size"), "11");
  EXPECT_EQ(answer.type, "application/octet-stream");
}

TEST_F(HubFiles, nginx_sends_the_bytes) {
  const std::string sha256 = sha256_hex("weights one");
  const Answer answer = get("/hf/acme/tiny-llm/resolve/main/" + kWeights);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("X-Accel-Redirect"),
            "/internal/hub/" + sha256.substr(0, 2) + "/" + sha256);
  EXPECT_TRUE(answer.header("Accept-Ranges").empty());  // nginx says so itself.
  EXPECT_EQ(answer.header("X-Repo-Commit"), kCommit);
}

TEST_F(HubFiles, what_a_commit_names_may_be_kept_and_what_a_branch_names_is_asked_for_again) {
  EXPECT_EQ(head("/hf/acme/tiny-llm/resolve/" + kCommit + "/config.json").header("Cache-Control"),
            "max-age=31536000, immutable");
  EXPECT_EQ(head("/hf/acme/tiny-llm/resolve/main/config.json").header("Cache-Control"), "no-cache");
}

TEST_F(HubFiles, who_has_the_bytes_is_told_so) {
  const std::string target = "/hf/acme/tiny-llm/resolve/main/config.json";
  const std::string etag = head(target).header("ETag");
  for (const std::string& named : {etag, "W/" + etag, "\"x\", " + etag, std::string("*")}) {
    for (const char* method : {"GET", "HEAD"}) {
      const Answer answer = send({.target = target, .method = method, .if_none_match = named});
      EXPECT_EQ(answer.status, 304) << named;
      EXPECT_EQ(answer.header("ETag"), etag);
      EXPECT_TRUE(answer.header("X-Accel-Redirect").empty());
    }
  }
  EXPECT_EQ(send({.target = target, .if_none_match = "\"other\""}).status, 200);
}

TEST_F(HubFiles, an_empty_file_answers_a_range_too) {
  const std::string target = "/hf/acme/tiny-llm/resolve/main/custom%20code/__init__.py";
  const Answer whole = get(target);
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.length, 0);
  EXPECT_TRUE(whole.header("Content-Range").empty());
  const Answer probe = send({.target = target, .range = "bytes=0-0"});
  EXPECT_EQ(probe.status, 200);
  EXPECT_EQ(probe.header("Content-Range"), "bytes */0");
  EXPECT_EQ(probe.header("ETag"), '"' + kEmptyOid + '"');
}

TEST_F(HubFiles, odd_names_are_found_however_they_are_encoded) {
  for (const char* path : {"custom%20code/we%20ird%23name%2B100%25.txt",
                           "custom%20code%2Fwe%20ird%23name+100%25.txt"}) {
    const Answer answer = head(std::string("/hf/acme/tiny-llm/resolve/main/") + path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.header("Content-Disposition"),
              "inline; filename*=UTF-8''we%20ird%23name%2B100%25.txt; "
              "filename=\"we ird#name+100%.txt\";");
  }
}

TEST_F(HubFiles, raw_shows_what_git_holds) {
  const Answer pointer = get("/hf/acme/tiny-llm/raw/main/" + kWeights);
  EXPECT_EQ(pointer.text, "version https://git-lfs.github.com/spec/v1\noid sha256:" +
                              sha256_hex("weights one") + "\nsize 11\n");
  EXPECT_EQ(pointer.header("ETag"), '"' + git_blob_oid(pointer.text) + '"');
  EXPECT_FALSE(get("/hf/acme/tiny-llm/raw/main/config.json").header("X-Accel-Redirect").empty());
  EXPECT_EQ(head("/hf/acme/tiny-llm/raw/main/" + kWeights).length,
            static_cast<std::int64_t>(pointer.text.size()));
}

TEST_F(HubFiles, what_is_missing_is_named_as_the_hub_names_it) {
  struct Case {
    std::string path;
    std::string code;
    std::string message;
    std::string commit;
  };
  const std::vector<Case> cases = {
      {"acme/none/resolve/main/config.json", "RepoNotFound", "Repository not found", ""},
      {"acme/tiny-llm/resolve/nope/config.json", "RevisionNotFound", "Invalid rev id: nope", ""},
      {"acme/tiny-llm/resolve/main/none.bin", "EntryNotFound", "Entry not found", kCommit},
      {"acme/tiny-llm/resolve/main/../config.json", "EntryNotFound", "Entry not found", kCommit},
      {"datasets/acme/tiny-llm/resolve/main/x", "RepoNotFound", "Repository not found", ""},
  };
  for (const Case& one : cases) {
    const Answer answer = get("/hf/" + one.path);
    EXPECT_EQ(answer.status, 404) << one.path;
    EXPECT_EQ(answer.type, "application/json; charset=utf-8");
    EXPECT_EQ(answer.header("X-Error-Code"), one.code) << one.path;
    EXPECT_EQ(answer.header("X-Error-Message"), one.message) << one.path;
    EXPECT_EQ(answer.header("X-Repo-Commit"), one.commit) << one.path;
    EXPECT_EQ(answer.root()["error"].as_string(), one.message);
    // No body, and so nothing that calls itself JSON.
    const Answer of_head = head("/hf/" + one.path);
    EXPECT_EQ(of_head.header("X-Error-Code"), one.code);
    EXPECT_EQ(of_head.type, "text/plain");
  }
}

TEST_F(HubFiles, what_was_asked_for_is_repeated_in_a_hundred_bytes_at_most) {
  const Answer answer =
      get("/hf/acme/tiny-llm/resolve/" + std::string(4'000, 'r') + "/config.json");
  EXPECT_EQ(answer.header("X-Error-Code"), "RevisionNotFound");
  EXPECT_LT(answer.header("X-Error-Message").size(), 130U);
  EXPECT_LT(answer.text.size(), 150U);
}

TEST_F(HubFiles, a_folder_adopted_without_a_commit_has_one_all_the_same) {
  store_.ask("local/adopted");
  store_.finish(store_.claim(), {TestStore::file("w.bin", "bytes")}, "");
  const std::string commit = head("/hf/local/adopted/resolve/main/w.bin").header("X-Repo-Commit");
  EXPECT_EQ(commit.size(), 40U);
  EXPECT_EQ(head("/hf/local/adopted/resolve/" + commit + "/w.bin").status, 200);
}

}  // namespace
}  // namespace modelkeep::hub
