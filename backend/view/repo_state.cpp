#include "view/repo_state.h"

#include <algorithm>
#include <set>

#include "storage/folder_list.h"
#include "view/repo_folder.h"

namespace modelkeep::view {
namespace {

constexpr std::uint64_t kRefBytesMax = 1024;

/// The paths of everything below `root` that is no folder.
Result<> collect(Files& files, const std::string& root, const std::string& below,
                 std::set<std::string>& paths) {
  for (const std::string& name : TRY(storage::list_folder(root + below))) {
    const std::string path = below + "/" + name;
    const auto found = files.stat(root + path);
    if (found && found->is_folder) {
      TRY(collect(files, root, path, paths));
    } else {
      paths.insert(path.substr(1));
    }
  }
  return {};
}

Result<std::set<std::string>> paths_below(Files& files, const std::string& root) {
  std::set<std::string> paths;
  TRY(collect(files, root, "", paths));
  return paths;
}

Result<bool> has_blobs(Files& files, const storage::Layout& layout, const Repo& repo,
                       const std::string& root) {
  std::map<std::string, std::string> wanted;
  for (const RepoRevision& revision : repo.revisions) {
    for (const RepoFile& file : revision.files) wanted.emplace(file.etag, file.sha256);
  }
  if (TRY(storage::list_folder(root)).size() != wanted.size()) return false;
  for (const auto& [etag, sha256] : wanted) {
    const auto shown = files.stat(root + "/" + etag);
    const auto blob = files.stat(layout.blob(sha256));
    if (!shown || !blob || shown->is_folder) return false;
    // A symlink stands where the file system gives no hard link.
    if (shown->is_file && shown->inode != blob->inode) return false;
  }
  return true;
}

Result<bool> has_snapshot(Files& files, const RepoRevision& revision, const std::string& root) {
  if (TRY(paths_below(files, root)).size() != revision.files.size()) return false;
  return std::all_of(revision.files.begin(), revision.files.end(), [&](const RepoFile& file) {
    const auto text = files.read_link(root + "/" + file.path);
    return text && *text == link_text(file.path, file.etag);
  });
}

Result<bool> has_refs(Files& files, const Repo& repo, const std::string& root) {
  if (TRY(paths_below(files, root)).size() != repo.refs.size()) return false;
  return std::all_of(repo.refs.begin(), repo.refs.end(), [&](const auto& ref) {
    const auto text = read_file(files, root + "/" + ref.first, kRefBytesMax);
    return text && *text == ref.second;
  });
}

Result<bool> has_names(const std::string& folder, std::vector<std::string> wanted) {
  std::sort(wanted.begin(), wanted.end());
  return TRY(storage::list_folder(folder)) == wanted;
}

}  // namespace

Result<> keep_stored(Files& files, const storage::Layout& layout, Repo& repo) {
  std::set<std::string> gone;
  for (const RepoRevision& revision : repo.revisions) {
    for (const RepoFile& file : revision.files) {
      const auto blob = files.stat(layout.blob(file.sha256));
      if (!blob && blob.error().kind != ErrorKind::not_found) return tl::unexpected{blob.error()};
      if (!blob) gone.insert(revision.commit);
    }
  }
  if (gone.empty()) return {};
  std::erase_if(repo.revisions,
                [&](const RepoRevision& revision) { return gone.contains(revision.commit); });
  std::erase_if(repo.refs, [&](const auto& ref) { return gone.contains(ref.second); });
  return {};
}

Result<bool> is_in_place(Files& files, const storage::Layout& layout, const Repo& repo) {
  const std::string root = layout.hf_cache_repo(repo.folder);
  if (!files.stat(root + "/" + std::string(kMark))) return false;
  std::vector<std::string> commits;
  std::vector<std::string> trees;
  for (const RepoRevision& revision : repo.revisions) {
    commits.push_back(revision.commit);
    if (revision.complete) trees.push_back(revision.commit + ".json");
    if (!TRY(has_snapshot(files, revision, root + "/snapshots/" + revision.commit))) return false;
  }
  if (!TRY(has_names(root + "/snapshots", std::move(commits)))) return false;
  if (!TRY(has_names(root + "/trees", std::move(trees)))) return false;
  if (!TRY(has_refs(files, repo, root + "/refs"))) return false;
  return has_blobs(files, layout, repo, root + "/blobs");
}

}  // namespace modelkeep::view
