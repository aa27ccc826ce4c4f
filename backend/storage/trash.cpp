#include "storage/trash.h"

#include "storage/folder_list.h"

namespace modelkeep::storage {
namespace {

constexpr mode_t kTrashPermissions = 0700;

}  // namespace

Result<> move_to_trash(Files& files, const Layout& layout, const std::string& path,
                       std::string_view name) {
  const auto found = files.stat(path);
  if (!found && found.error().kind == ErrorKind::not_found) return {};
  if (!found) return tl::unexpected{found.error()};
  TRY(files.make_folders(layout.trash_dir(), kTrashPermissions));
  // An earlier try may have died after its rename; what it moved is trash all the same.
  TRY(remove_tree(files, layout.trash_entry(name)));
  TRY(files.rename(path, layout.trash_entry(name)));
  return files.sync_folder(path.substr(0, path.rfind('/')));
}

Result<> empty_trash_entry(Files& files, const Layout& layout, std::string_view name) {
  return remove_tree(files, layout.trash_entry(name));
}

}  // namespace modelkeep::storage
