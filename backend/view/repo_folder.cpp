#include "view/repo_folder.h"

#include <algorithm>
#include <set>

#include <sys/stat.h>

#include "base/error_codes.h"
#include "base/json.h"
#include "storage/folder_list.h"
#include "storage/trash.h"

namespace modelkeep::view {
namespace {

constexpr mode_t kFolderPermissions = 0755;
constexpr mode_t kFilePermissions = 0444;
constexpr std::string_view kMarkText = "modelkeep hf-cache 1\n";
constexpr int kTreeFormat = 1;
// The first 43 bytes are what programs that make backups look for; it lets them leave out what
// stands in the models' folders already.
constexpr std::string_view kCacheTag =
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# What Hub clients read of this store. Everything in here is a link.\n";

Result<> make_public_folder(Files& files, const std::string& path) {
  TRY(files.make_folders(path, kFolderPermissions));
  return files.set_permissions(path, kFolderPermissions);
}

// Not synced: all of it follows from rows, and after a power cut it is compared with them.
Result<> write_text(Files& files, const std::string& path, std::string_view text) {
  const Fd file = TRY(files.open(path, OpenMode::create_new, kFilePermissions));
  TRY(files.write_at(file, std::as_bytes(std::span(text)), 0));
  return files.set_permissions(path, kFilePermissions);
}

/// Makes the folders above `path` below `root`, each once.
Result<> make_parents(Files& files, const std::string& root, std::string_view path,
                      std::set<std::string, std::less<>>& made) {
  for (auto end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1)) {
    const std::string_view folder = path.substr(0, end);
    if (!made.emplace(folder).second) continue;
    TRY(make_public_folder(files, root + "/" + std::string(folder)));
  }
  return {};
}

Result<> link_blob(Files& files, const storage::Layout& layout, const RepoFile& file,
                   const std::string& name) {
  auto linked = files.link(layout.blob(file.sha256), name);
  if (linked || linked.error().kind != ErrorKind::internal) return linked;
  // No hard links here, or no more of them for this file. A copy would take its space again.
  return files.symlink("../../../blobs/" + file.sha256.substr(0, 2) + "/" + file.sha256, name);
}

Result<> build_blobs(Files& files, const storage::Layout& layout, const Repo& repo,
                     const std::string& aside) {
  TRY(make_public_folder(files, aside + "/blobs"));
  std::set<std::string_view> linked;
  for (const RepoRevision& revision : repo.revisions) {
    for (const RepoFile& file : revision.files) {
      if (!linked.insert(file.etag).second) continue;
      TRY(link_blob(files, layout, file, aside + "/blobs/" + file.etag));
    }
  }
  return {};
}

Result<> build_snapshot(Files& files, const RepoRevision& revision, const std::string& aside) {
  const std::string root = aside + "/snapshots/" + revision.commit;
  TRY(make_public_folder(files, root));
  std::set<std::string, std::less<>> made;
  for (const RepoFile& file : revision.files) {
    TRY(make_parents(files, root, file.path, made));
    TRY(files.symlink(link_text(file.path, file.etag), root + "/" + file.path));
  }
  return {};
}

std::string tree_text(const RepoRevision& revision) {
  json::Writer out;
  out.begin_object().member("format_version", kTreeFormat).key("files").begin_object();
  for (const RepoFile& file : revision.files) {
    out.key(file.path).begin_object();
    out.member("size", file.size_bytes).member("blob_id", file.git_oid);
    if (file.is_lfs) out.member("lfs_sha256", file.sha256).member("lfs_size", file.size_bytes);
    out.end_object();
  }
  out.end_object().end_object();
  return std::move(out).take();
}

Result<> build_refs(Files& files, const Repo& repo, const std::string& aside) {
  const std::string root = aside + "/refs";
  TRY(make_public_folder(files, root));
  std::set<std::string, std::less<>> made;
  for (const auto& [ref, commit] : repo.refs) {
    TRY(make_parents(files, root, ref, made));
    TRY(write_text(files, root + "/" + ref, commit));
  }
  return {};
}

Result<> build(Files& files, const storage::Layout& layout, const Repo& repo,
               const std::string& aside) {
  TRY(storage::remove_tree(files, aside));
  TRY(make_public_folder(files, aside));
  TRY(make_public_folder(files, aside + "/snapshots"));
  TRY(build_blobs(files, layout, repo, aside));
  for (const RepoRevision& revision : repo.revisions) {
    TRY(build_snapshot(files, revision, aside));
    // A client takes the listing for all that upstream has, and misses what is not here.
    if (!revision.complete) continue;
    TRY(make_public_folder(files, aside + "/trees"));
    TRY(write_text(files, aside + "/trees/" + revision.commit + ".json", tree_text(revision)));
  }
  TRY(build_refs(files, repo, aside));
  return write_text(files, aside + "/" + std::string(kMark), kMarkText);
}

/// What we make is read-only; bytes that a client brought are not.
Result<bool> belongs_to_others(Files& files, const std::string& target) {
  if (files.stat(target + "/" + std::string(kMark))) return false;
  for (const std::string& name : TRY(storage::list_folder(target + "/blobs"))) {
    struct stat facts {};
    if (::lstat((target + "/blobs/" + name).c_str(), &facts) != 0) continue;
    if (S_ISREG(facts.st_mode) && (facts.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) != 0) return true;
  }
  return false;
}

Result<> make_root(Files& files, const storage::Layout& layout) {
  const std::string tag = layout.hf_cache_dir() + "/CACHEDIR.TAG";
  if (files.stat(tag)) return {};
  TRY(make_public_folder(files, layout.hf_cache_dir()));
  TRY(write_file_atomic(files, tag, kCacheTag, kFilePermissions));
  return files.set_permissions(tag, kFilePermissions);
}

}  // namespace

std::string link_text(std::string_view path, std::string_view etag) {
  std::string text = "../../";
  for (const char c : path) {
    if (c == '/') text.append("../");
  }
  return text.append("blobs/").append(etag);
}

Result<> put_in_place(Files& files, const storage::Layout& layout, const Repo& repo) {
  const std::string target = layout.hf_cache_repo(repo.folder);
  const std::string aside = layout.hf_cache_aside(repo.folder);
  if (TRY(belongs_to_others(files, target))) {
    return fail(ErrorKind::conflict, codes::folder_in_the_way,
                "A Hub client downloaded files of its own into the store's cache folder. Take them "
                "away; clients of this folder should run offline.",
                target);
  }
  if (auto built = build(files, layout, repo, aside); !built) {
    static_cast<void>(storage::remove_tree(files, aside));
    return built;
  }
  TRY(make_root(files, layout));
  const auto found = files.stat(target);
  if (!found && found.error().kind != ErrorKind::not_found) return tl::unexpected{found.error()};
  if (!found) return files.rename(aside, target);
  TRY(files.exchange(aside, target));
  return storage::move_to_trash(files, layout, aside, "hf-cache-" + repo.folder);
}

Result<> take_away(Files& files, const storage::Layout& layout, const std::string& folder) {
  const std::string target = layout.hf_cache_repo(folder);
  if (TRY(belongs_to_others(files, target))) return {};
  return storage::move_to_trash(files, layout, target, "hf-cache-" + folder);
}

}  // namespace modelkeep::view
