#include "storage/model_folder.h"

#include <filesystem>
#include <set>
#include <system_error>

#include <sys/stat.h>

#include "base/error_codes.h"
#include "storage/folder_list.h"
#include "storage/link_file.h"

namespace modelkeep::storage {
namespace {

constexpr mode_t kFolderPermissions = 0755;
constexpr mode_t kStagingPermissions = 0700;

std::string parent_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

Result<bool> exists(Files& files, const std::string& path) {
  const auto found = files.stat(path);
  if (found) return true;
  if (found.error().kind == ErrorKind::not_found) return false;
  return tl::unexpected{found.error()};
}

// The service's umask must not decide who can read a model.
Result<> make_public_folder(Files& files, const std::string& path) {
  TRY(files.make_folders(path, kFolderPermissions));
  return files.set_permissions(path, kFolderPermissions);
}

// Every folder that a path of the model needs, parents before children.
std::set<std::string> subfolders_of(const std::vector<FolderFile>& content) {
  std::set<std::string> folders;
  for (const FolderFile& file : content) {
    for (auto end = file.path.find('/'); end != std::string::npos;
         end = file.path.find('/', end + 1)) {
      folders.insert(file.path.substr(0, end));
    }
  }
  return folders;
}

// A store publishes read-only files only; one that its owner may write was put there by a person.
Result<bool> was_made_by_a_store(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(std::filesystem::symlink_status(folder, error))) return false;
  std::filesystem::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::recursive_directory_iterator();
       entry.increment(error)) {
    struct stat facts {};
    if (::lstat(entry->path().c_str(), &facts) != 0) continue;
    if (S_ISDIR(facts.st_mode)) continue;
    if (!S_ISREG(facts.st_mode) || (facts.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) != 0)
      return false;
  }
  if (error) return tl::unexpected{errno_error(error.value(), "readdir", folder)};
  return true;
}

}  // namespace

Result<BuiltFolder> build_folder(Files& files, const Layout& layout, const std::string& aside,
                                 const std::vector<FolderFile>& content) {
  TRY(remove_tree(files, aside));
  TRY(files.make_folders(parent_of(aside), kStagingPermissions));
  TRY(make_public_folder(files, aside));
  const std::set<std::string> subfolders = subfolders_of(content);
  for (const std::string& folder : subfolders) TRY(make_public_folder(files, aside + "/" + folder));
  BuiltFolder built;
  for (const FolderFile& file : content) {
    const Linked linked = TRY(link_file(files, layout.blob(file.sha256), aside + "/" + file.path));
    if (linked == Linked::copied) built.shared = false;
  }
  for (const std::string& folder : subfolders) TRY(files.sync_folder(aside + "/" + folder));
  TRY(files.sync_folder(aside));
  return built;
}

Result<> swap_in(Files& files, const std::string& aside, const std::string& target) {
  const std::string parent = parent_of(target);
  if (!TRY(exists(files, target))) {
    TRY(files.make_folders(parent, kFolderPermissions));
    TRY(files.rename(aside, target));
    auto synced = files.sync_folder(parent);
    // A swap that is not durable has not happened; where even this fails, the next try finds it.
    if (!synced) static_cast<void>(files.rename(target, aside));
    return synced;
  }
  if (!TRY(was_made_by_a_store(target))) {
    return fail(ErrorKind::conflict, codes::folder_in_the_way,
                "A folder of this name is on the mount and the store did not make it. Adopt it or "
                "move it away.",
                target);
  }
  TRY(files.exchange(aside, target));
  auto synced = files.sync_folder(parent);
  if (synced) synced = files.sync_folder(parent_of(aside));
  if (!synced) static_cast<void>(files.exchange(aside, target));
  return synced;
}

Result<> swap_back(Files& files, const std::string& aside, const std::string& target) {
  const std::string parent = parent_of(target);
  if (TRY(exists(files, aside))) {
    TRY(files.exchange(aside, target));
  } else if (TRY(exists(files, target))) {
    TRY(files.rename(target, aside));
  }
  return files.sync_folder(parent);
}

}  // namespace modelkeep::storage
