#include "adopt/folder_scan.h"

#include <algorithm>
#include <filesystem>

#include "base/files.h"
#include "storage/file_path.h"

namespace modelkeep::adopt {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 100'000;

bool is_trace(std::string_view path) {
  return path.starts_with(".cache/huggingface/") || path.starts_with(".huggingface/");
}

}  // namespace

Result<FolderContent> scan_folder(const std::string& folder) {
  FolderContent content;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::none, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const fs::file_status status = entry->symlink_status(error);
    if (error) break;
    const std::string path = entry->path().native().substr(folder.size() + 1);
    if (fs::is_directory(status)) {
      if (path != ".git") continue;
      entry.disable_recursion_pending();
      content.left.push_back({path, "it is a working copy's own folder"});
    } else if (fs::is_symlink(status)) {
      content.left.push_back({path, "it is a symbolic link; put the file itself there"});
    } else if (!fs::is_regular_file(status)) {
      content.left.push_back({path, "it is not a file"});
    } else if (is_trace(path)) {
      content.traces.push_back(path);
    } else if (!storage::is_valid_file_path(path)) {
      content.left.push_back({path, "no file of a model may have this name"});
    } else {
      content.files.push_back(path);
    }
    if (content.files.size() > kFilesMax) {
      return fail(ErrorKind::too_large, codes::path_invalid, "it holds more than 100,000 files");
    }
  }
  if (error) return tl::unexpected{errno_error(error.value(), "list", folder)};
  std::sort(content.files.begin(), content.files.end());
  return content;
}

}  // namespace modelkeep::adopt
