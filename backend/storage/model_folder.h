#pragma once
// A model's folder: built aside as links to blobs, then swapped in with one rename, so that a
// reader sees the old one or the new one and never a mixture. Called by whoever holds the folder's
// lock.
#include <string>
#include <vector>

#include "base/files.h"
#include "storage/layout.h"

namespace modelkeep::storage {

struct FolderFile {
  std::string path{};
  std::string sha256{};
};

/// Builds a folder at `aside`, anew if one is there, and syncs it. `shared` turns false when a file
/// had to be copied because the file system cannot link.
struct BuiltFolder {
  bool shared = true;
};
Result<BuiltFolder> build_folder(Files& files, const Layout& layout, const std::string& aside,
                                 const std::vector<FolderFile>& content);

/// Puts `aside` in the place of `target`; what was there lies at `aside` afterwards. conflict
/// (folder_in_the_way) when what is there was not made by a store: a person's files are not ours to
/// move.
Result<> swap_in(Files& files, const std::string& aside, const std::string& target);

/// Undoes a swap whose transaction did not come to pass: the old folder comes back, or the name
/// becomes free.
Result<> swap_back(Files& files, const std::string& aside, const std::string& target);

}  // namespace modelkeep::storage
