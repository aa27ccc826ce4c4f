#include "hub/address.h"

#include <gtest/gtest.h>

#include "http/path.h"

namespace modelkeep::hub {
namespace {

Address parsed(const std::string& path) {
  const http::Path split = http::Path::parse(path).value();
  return parse_address(split.segments());
}

struct Case {
  std::string path;
  What what;
  std::string repo;
  std::string revision;
  std::string file;
};

TEST(HubAddress, is_read_from_every_form_that_clients_send) {
  const std::string sha(40, 'a');
  const std::vector<Case> cases = {
      {"/api/models", What::list_models, "", "main", ""},
      {"/api/models/", What::list_models, "", "main", ""},
      {"/api/models/gpt2", What::model_info, "gpt2", "main", ""},
      {"/api/models/a/b", What::model_info, "a/b", "main", ""},
      {"/api/models/a/b/revision/v1", What::model_info, "a/b", "v1", ""},
      {"/api/models/a/b/revision/refs%2Fpr%2F1", What::model_info, "a/b", "refs/pr/1", ""},
      {"/api/models/gpt2/revision/main", What::model_info, "gpt2", "main", ""},
      {"/api/models/a/b/tree/main", What::tree, "a/b", "main", ""},
      {"/api/models/a/b/tree/main/", What::tree, "a/b", "main", ""},
      {"/api/models/a/b/tree/main/x%2Fy", What::tree, "a/b", "main", "x/y"},
      {"/api/models/a/b/tree/main/x/y", What::tree, "a/b", "main", "x/y"},
      {"/api/models/gpt2/tree/" + sha, What::tree, "gpt2", sha, ""},
      {"/api/models/a/b/paths-info/main", What::paths_info, "a/b", "main", ""},
      {"/api/models/a/b/refs", What::refs, "a/b", "main", ""},
      {"/api/models/a/b/commits/main", What::commits, "a/b", "main", ""},
      {"/api/models/a/b/auth-check", What::auth_check, "a/b", "main", ""},
      {"/api/models/a/b/auth-check/write", What::auth_check, "a/b", "main", ""},
      {"/api/models/a/b/discussions", What::unknown, "a/b", "main", ""},
      {"/api/models/a/b/xet-read-token/main", What::unknown, "a/b", "main", ""},
      {"/api/whoami-v2", What::whoami, "", "main", ""},
      {"/api/datasets/a/b", What::foreign_repo, "", "main", ""},
      {"/datasets/a/b/resolve/main/x", What::foreign_repo, "a/b", "main", "x"},
      {"/a/b/resolve/main/x", What::resolve, "a/b", "main", "x"},
      {"/a/b/resolve/main/d/we%20ird%23name%2B100%25.txt", What::resolve, "a/b", "main",
       "d/we ird#name+100%.txt"},
      {"/gpt2/resolve/main/x", What::resolve, "gpt2", "main", "x"},
      {"/a/b/resolve/refs%2Fpr%2F1/x", What::resolve, "a/b", "refs/pr/1", "x"},
      {"/a/b/resolve/refs/pr/1/x", What::resolve, "a/b", "refs/pr/1", "x"},
      {"/a/b/raw/main/x", What::raw, "a/b", "main", "x"},
      {"/a/b/resolve/main", What::unknown, "", "main", ""},
      {"/v2/a/b/manifests/latest", What::manifest, "a/b", "latest", ""},
      {"/v2/gpt2/manifests/Q4_K_M", What::manifest, "gpt2", "Q4_K_M", ""},
      {"/", What::unknown, "", "main", ""},
      {"/api", What::unknown, "", "main", ""},
      {"/api/agent-harnesses", What::unknown, "", "main", ""},
  };
  for (const Case& one : cases) {
    const Address address = parsed(one.path);
    EXPECT_EQ(address.what, one.what) << one.path;
    if (one.what == What::unknown) continue;
    EXPECT_EQ(address.repo, one.repo) << one.path;
    EXPECT_EQ(address.revision, one.revision) << one.path;
    EXPECT_EQ(address.path, one.file) << one.path;
  }
}

TEST(HubAddress, knows_a_commit_from_a_name) {
  EXPECT_TRUE(parsed("/a/b/resolve/" + std::string(40, 'a') + "/x").names_commit);
  EXPECT_FALSE(parsed("/a/b/resolve/" + std::string(40, 'A') + "/x").names_commit);
  EXPECT_FALSE(parsed("/a/b/resolve/main/x").names_commit);
}

}  // namespace
}  // namespace modelkeep::hub
