#pragma once
// What the cache of a Hub client says of one repo. Only this room includes it.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace modelkeep::view {

struct RepoFile {
  std::string path{};
  std::string etag{};     ///< What clients call the bytes: the name of their blob.
  std::string git_oid{};  ///< The git object of the path; of the pointer where that is in LFS.
  std::string sha256{};
  std::int64_t size_bytes = 0;
  bool is_lfs = false;
};

struct RepoRevision {
  std::string commit{};
  bool complete = false;  ///< No file of upstream is left out.
  std::vector<RepoFile> files{};
};

struct Repo {
  std::string folder{};  ///< storage::hf_cache_folder() of its name.
  std::vector<RepoRevision> revisions{};
  std::map<std::string, std::string> refs{};  ///< Branch or tag -> commit.
};

}  // namespace modelkeep::view
