#include "storage/folder_list.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/error_codes.h"

namespace modelkeep::storage {

Result<std::vector<std::string>> list_folder(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(path, error);
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory)
    return names;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) return tl::unexpected{errno_error(error.value(), "readdir", path)};
  std::sort(names.begin(), names.end());
  return names;
}

// Depth is bounded: what lies below the mount was built from paths of at most 32 components.
Result<> remove_tree(Files& files, const std::string& path) {
  const auto found = files.stat(path);
  if (!found && found.error().kind == ErrorKind::not_found) return {};
  if (!found) return tl::unexpected{found.error()};
  if (found->is_folder) {
    for (const std::string& name : TRY(list_folder(path)))
      TRY(remove_tree(files, path + "/" + name));
  }
  auto removed = found->is_folder ? files.remove_folder(path) : files.remove_file(path);
  // Someone else who takes the same away may have been quicker.
  if (!removed && removed.error().kind == ErrorKind::not_found) return {};
  return removed;
}

}  // namespace modelkeep::storage
