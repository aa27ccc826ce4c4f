#pragma once
// What lies in a folder that a person put on the mount: files that can be taken in, and what
// cannot.
#include <string>
#include <vector>

#include "base/result.h"

namespace modelkeep::adopt {

struct LeftFile {
  std::string path;
  std::string why;
};

struct FolderContent {
  std::vector<std::string> files;  ///< Paths within the folder, sorted.
  std::vector<std::string>
      traces;  ///< What a Hub client left there about its download: no part of the model.
  std::vector<LeftFile> left;  ///< Links, devices, names that no model may have.
};

/// Follows no symlink.
Result<FolderContent> scan_folder(const std::string& folder);

}  // namespace modelkeep::adopt
