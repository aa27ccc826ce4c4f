#pragma once
// Looking into a folder of the mount, and taking a whole one away.
#include <string>
#include <vector>

#include "base/files.h"

namespace modelkeep::storage {

/// The names in it, sorted; none when it does not exist or is no folder.
Result<std::vector<std::string>> list_folder(const std::string& path);

/// With all that is in it, never through a symlink. Success when it is not there; may be repeated
/// after a crash.
Result<> remove_tree(Files& files, const std::string& path);

}  // namespace modelkeep::storage
