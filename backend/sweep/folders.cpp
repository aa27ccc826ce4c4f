#include "sweep/folders.h"

#include "base/log.h"
#include "catalog/models.h"
#include "storage/mount.h"

namespace modelkeep::sweep {

Result<int> note_missing_folders(sqlite::Connection& db, Files& files,
                                 const storage::Layout& layout) {
  TRY(storage::check_mount(files, layout));
  int changed = 0;
  for (const catalog::ShownFolder& folder : TRY(catalog::shown_folders(db))) {
    const auto found = files.stat(layout.model_dir(folder.model_id));
    if (!found && found.error().kind != ErrorKind::not_found) continue;
    const bool is_there = found && found->is_folder;
    const bool was_missing = folder.integrity == catalog::Integrity::missing;
    if (is_there != was_missing) continue;
    const auto integrity = is_there ? catalog::Integrity::unverified : catalog::Integrity::missing;
    TRY(catalog::set_integrity(db, folder.model_pk, integrity));
    log::warn("model.folder", {{"model", folder.model_id}, {"integrity", text(integrity)}});
    ++changed;
  }
  return changed;
}

}  // namespace modelkeep::sweep
