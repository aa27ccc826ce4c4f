#include "sweep/folders.h"

#include <algorithm>
#include <vector>

#include "base/error_codes.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "catalog/models.h"
#include "catalog/revisions.h"
#include "storage/model_folder.h"
#include "storage/mount.h"

namespace modelkeep::sweep {
namespace {

Result<bool> is_there(Files& files, const std::string& path) {
  const auto found = files.stat(path);
  if (found) return true;
  if (found.error().kind == ErrorKind::not_found) return false;
  return tl::unexpected{found.error()};
}

/// False when a blob is missing, too.
Result<bool> build_again(Files& files, const storage::Layout& layout, std::int64_t revision_pk,
                         const std::vector<catalog::ModelFile>& revision,
                         const std::string& target) {
  std::vector<storage::FolderFile> content;
  for (const catalog::ModelFile& file : revision) content.push_back({file.path, file.sha256});
  const std::string aside = layout.rebuilt_tree(revision_pk);
  const auto built = storage::build_folder(files, layout, aside, content);
  if (!built && built.error().kind == ErrorKind::not_found) return false;
  if (!built) return tl::unexpected{built.error()};
  TRY(storage::swap_in(files, aside, target));
  return true;
}

/// Nobody else publishes in the folder meanwhile; what holds is read again under its lock.
Result<bool> rebuild_shown(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                           const catalog::LostFolder& lost) {
  const auto lock = FileLock::try_take(layout.folder_lock(lost.model_id));
  if (!lock) return false;
  const std::string target = layout.model_dir(lost.model_id);
  const auto shown = TRY(catalog::shown_revision(db, lost.model_pk));
  if (!shown || shown->pk != lost.revision_pk || TRY(is_there(files, target))) return false;
  const auto revision = TRY(catalog::revision_files(db, lost.revision_pk));
  if (!TRY(build_again(files, layout, lost.revision_pk, revision, target))) return false;
  const bool verified =
      std::all_of(revision.begin(), revision.end(),
                  [](const catalog::ModelFile& file) { return file.verified_at.has_value(); });
  const auto integrity = verified ? catalog::Integrity::verified : catalog::Integrity::unverified;
  TRY(catalog::set_integrity(db, lost.model_pk, integrity));
  log::info("model.folder_rebuilt", {{"model", lost.model_id}});
  return true;
}

Result<bool> rebuild_kept(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                          const catalog::KeptRevision& kept) {
  const std::string target = layout.revision_dir(kept.model_id, kept.commit);
  if (TRY(is_there(files, target))) return false;
  const auto lock = FileLock::try_take(layout.folder_lock(kept.model_id));
  if (!lock) return false;
  const auto revision = TRY(catalog::revision_files(db, kept.revision_pk));
  // It was removed, or took the folder's place, since the list was read.
  if (revision.empty() || TRY(is_there(files, target))) return false;
  if (!TRY(build_again(files, layout, kept.revision_pk, revision, target))) return false;
  log::info("revision.folder_rebuilt", {{"model", kept.model_id}, {"commit", kept.commit}});
  return true;
}

}  // namespace

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

Result<int> rebuild_lost_folders(sqlite::Connection& db, Files& files,
                                 const storage::Layout& layout) {
  TRY(storage::check_mount(files, layout));
  int rebuilt = 0;
  for (const catalog::LostFolder& lost : TRY(catalog::lost_folders(db))) {
    const bool done = TRY(rebuild_shown(db, files, layout, lost));
    rebuilt += done ? 1 : 0;
  }
  for (const catalog::KeptRevision& kept : TRY(catalog::kept_revisions(db))) {
    const bool done = TRY(rebuild_kept(db, files, layout, kept));
    rebuilt += done ? 1 : 0;
  }
  return rebuilt;
}

}  // namespace modelkeep::sweep
