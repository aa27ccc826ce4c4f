#include "tests/hub/target.h"

#include <string>

#include <gtest/gtest.h>

namespace modelkeep::standin {
namespace {

bool only_two_segment_repos(std::string_view id) {
  return id == "a/b" || id == "a/tree";
}

struct Row {
  const char* path;
  Call call;
  const char* repo;
  const char* revision;
  const char* file;
};

TEST(Target, names_call_repository_revision_and_path) {
  const Row rows[] = {
      {"/api/models", Call::list, "", "", ""},
      {"/api/models/a/b", Call::info, "a/b", "", ""},
      {"/api/models/gpt2", Call::info, "gpt2", "", ""},
      {"/api/models/gpt2/revision/main", Call::info, "gpt2", "main", ""},
      {"/api/models/a/b/revision/refs%2Fpr%2F1", Call::info, "a/b", "refs/pr/1", ""},
      {"/api/models/a/b/tree/main", Call::tree, "a/b", "main", ""},
      {"/api/models/a/b/tree/main/x%2Fy%20z", Call::tree, "a/b", "main", "x/y z"},
      {"/api/models/a/b/tree/main/x/y", Call::tree, "a/b", "main", "x/y"},
      {"/api/models/gpt2/tree/main", Call::tree, "gpt2", "main", ""},
      {"/api/models/a/tree", Call::info, "a/tree", "", ""},
      {"/api/models/a/b/paths-info/main", Call::paths_info, "a/b", "main", ""},
      {"/api/models/a/b/refs", Call::refs, "a/b", "", ""},
      {"/api/whoami-v2", Call::whoami, "", "", ""},
      {"/a/b/resolve/main/x%23y+z%25.txt", Call::resolve, "a/b", "main", "x#y+z%.txt"},
      {"/gpt2/resolve/main/config.json", Call::resolve, "gpt2", "main", "config.json"},
      {"/a/b/resolve/refs%2Fpr%2F1/d/e.txt", Call::resolve, "a/b", "refs/pr/1", "d/e.txt"},
      {"/a/b/raw/main/x.txt", Call::raw, "a/b", "main", "x.txt"},
      {"/api/resolve-cache/models/a/b/abc/d/e", Call::resolve_cache, "a/b", "abc", "d/e"},
      {"/_standin/log", Call::control, "", "", "log"},
      {"/", Call::unknown, "", "", ""},
      {"/favicon.ico", Call::unknown, "", "", ""},
  };
  for (const Row& row : rows) {
    const Target target = parse_target(row.path, only_two_segment_repos);
    EXPECT_EQ(target.call, row.call) << row.path;
    EXPECT_EQ(target.repo, row.repo) << row.path;
    EXPECT_EQ(target.revision, row.revision) << row.path;
    EXPECT_EQ(target.path, row.file) << row.path;
  }
}

TEST(Target, keeps_the_rest_of_the_path_when_the_repository_is_replaced) {
  const std::string path = "/gpt2/resolve/refs%2Fpr%2F1/x%20y.txt";
  EXPECT_EQ(with_repo(path, parse_target(path, only_two_segment_repos), "new/gpt2"),
            "/new/gpt2/resolve/refs%2Fpr%2F1/x%20y.txt");
  const std::string api = "/api/models/old/name/tree/main";
  EXPECT_EQ(with_repo(api, parse_target(api, only_two_segment_repos), "new/name"),
            "/api/models/new/name/tree/main");
  const std::string info = "/api/models/gpt2";
  EXPECT_EQ(with_repo(info, parse_target(info, only_two_segment_repos), "new/gpt2"),
            "/api/models/new/gpt2");
}

}  // namespace
}  // namespace modelkeep::standin
