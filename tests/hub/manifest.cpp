#include "tests/hub/manifest.h"

#include <algorithm>
#include <set>

#include "base/digest.h"

namespace modelkeep::standin {
namespace {

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

std::string sha1_hex(std::string_view text) {
  Digest digest = Digest::sha1();
  digest.update(text);
  return digest.finish_hex();
}

std::string folder_oid(const Revision& revision, const std::string& folder) {
  std::string text = "tree " + folder;
  for (const FilePtr& file : revision.files) {
    if (starts_with(file->path, folder + '/')) text += file->oid;
  }
  return sha1_hex(text);
}

bool is_folder(const Revision& revision, std::string_view path) {
  const std::string prefix = std::string{path} + '/';
  return std::any_of(revision.files.begin(), revision.files.end(),
                     [&](const FilePtr& file) { return starts_with(file->path, prefix); });
}

}  // namespace

const File* Revision::find(std::string_view path) const {
  for (const FilePtr& file : files) {
    if (file->path == path) return file.get();
  }
  return nullptr;
}

RevisionPtr Repo::resolve(std::string_view name) const {
  std::string wanted{name};
  if (name == "HEAD") wanted = "main";
  if (starts_with(name, "refs/heads/")) wanted = name.substr(11);
  if (starts_with(name, "refs/tags/")) wanted = name.substr(10);
  if (const auto branch = branches.find(wanted); branch != branches.end()) wanted = branch->second;
  if (const auto tag = git_tags.find(wanted); tag != git_tags.end()) wanted = tag->second;
  if (const auto pr = pull_requests.find(wanted); pr != pull_requests.end()) wanted = pr->second;
  for (const RevisionPtr& revision : history) {
    if (revision->commit == wanted) return revision;
  }
  return nullptr;
}

std::optional<std::vector<TreeEntry>> list_tree(const Revision& revision, std::string_view below,
                                                bool recursive) {
  if (!below.empty() && !is_folder(revision, below)) return std::nullopt;
  const std::string prefix = below.empty() ? "" : std::string{below} + '/';
  std::set<std::string> folders;
  std::vector<TreeEntry> files;
  for (const FilePtr& file : revision.files) {
    if (!starts_with(file->path, prefix)) continue;
    bool direct = true;
    for (auto slash = file->path.find('/', prefix.size()); slash != std::string::npos;
         slash = file->path.find('/', slash + 1)) {
      if (direct || recursive) folders.insert(file->path.substr(0, slash));
      direct = false;
    }
    if (direct || recursive) files.push_back({file->path, file.get(), {}});
  }
  std::vector<TreeEntry> entries;
  for (const std::string& folder : folders) {
    entries.push_back({folder, nullptr, folder_oid(revision, folder)});
  }
  entries.insert(entries.end(), files.begin(), files.end());
  return entries;
}

std::optional<TreeEntry> find_entry(const Revision& revision, std::string_view path) {
  if (const File* file = revision.find(path)) return TreeEntry{file->path, file, {}};
  if (path.empty() || !is_folder(revision, path)) return std::nullopt;
  std::string folder{path};
  std::string oid = folder_oid(revision, folder);
  return TreeEntry{std::move(folder), nullptr, std::move(oid)};
}

std::string lfs_pointer(std::string_view sha256, std::uint64_t size_bytes) {
  return "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string{sha256} +
         "\nsize " + std::to_string(size_bytes) + '\n';
}

}  // namespace modelkeep::standin
