#pragma once
// What a repository holds: files, the commits that name them, and what a hub says about the
// repository itself. Values that never change once built: a change makes another Repo (see
// repos.h), so an answer on its way keeps what it began with. That is why they are shared_ptr:
// whoever still sends a file is its last owner.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/hub/content.h"

namespace modelkeep::standin {

struct File {
  std::string path;
  Content content;
  bool lfs = false;
  std::string oid;     ///< Git blob id: of the bytes, or of the pointer text of an LFS file.
  std::string sha256;  ///< Of the bytes; LFS files only.
  std::uint64_t pointer_size = 0;
  std::string xet_hash;   ///< LFS files only; unrelated to the digests, as upstream's.
  std::string cdn_name;   ///< What the CDN calls an LFS file: 64 hex digits, and not the sha256.
  std::string disk_path;  ///< A copy to send from, when there is one.

  std::uint64_t size() const { return content.size(); }
  /// What clients store the file under: sha256 or git blob id.
  const std::string& etag() const { return lfs ? sha256 : oid; }
};
using FilePtr = std::shared_ptr<const File>;

struct Revision {
  std::string commit;
  std::string title;
  std::string date;
  std::vector<FilePtr> files;  ///< In byte order of their paths.
  /// A listing to give as it is, for manifests that no honest repository has.
  std::optional<std::string> raw_tree;
  /// Lists this many files that do not exist: how much listing does a client take?
  std::uint64_t invented_files = 0;

  const File* find(std::string_view path) const;
};
using RevisionPtr = std::shared_ptr<const Revision>;

enum class Gate : std::uint8_t {
  open,
  files,  ///< Anyone may list, only the admitted get bytes: what upstream calls gated.
  all,    ///< Not even a listing.
};

struct Repo {
  std::string id;
  std::string object_id;  ///< 24 hex digits, `_id`.
  bool is_private = false;
  bool disabled = false;
  Gate gate = Gate::open;
  std::string license, pipeline_tag, library_name;
  std::vector<std::string> tags;
  std::string model_type, architecture;
  std::uint64_t parameters = 0;
  std::string dtype;
  std::uint64_t downloads = 0;
  std::uint64_t likes = 0;
  std::vector<RevisionPtr> history;             ///< Oldest first.
  std::map<std::string, std::string> branches;  ///< Name to commit.
  std::map<std::string, std::string> git_tags;
  std::map<std::string, std::string> pull_requests;  ///< "refs/pr/1" to commit.

  /// A branch, a tag, `HEAD`, `refs/heads/..`, `refs/tags/..`, `refs/pr/N` or a commit; null when
  /// there is none such.
  RevisionPtr resolve(std::string_view name) const;
  RevisionPtr head() const { return resolve("main"); }
};
using RepoPtr = std::shared_ptr<const Repo>;

/// One line of a listing: a file, or a folder that files imply.
struct TreeEntry {
  std::string path;
  const File* file = nullptr;  ///< Null for a folder.
  std::string folder_oid;
};
/// Folders first, then files, each in byte order. nullopt when `below` (may be empty) is no folder.
std::optional<std::vector<TreeEntry>> list_tree(const Revision& revision, std::string_view below,
                                                bool recursive);
/// The entry with exactly this path, file or folder.
std::optional<TreeEntry> find_entry(const Revision& revision, std::string_view path);

/// The text git stores in place of an LFS file.
std::string lfs_pointer(std::string_view sha256, std::uint64_t size_bytes);

}  // namespace modelkeep::standin
