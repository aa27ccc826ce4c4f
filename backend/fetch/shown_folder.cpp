#include "fetch/shown_folder.h"

#include <chrono>
#include <string>
#include <vector>

#include "base/log.h"
#include "catalog/revisions.h"
#include "storage/model_folder.h"

namespace modelkeep::fetch {
namespace {

constexpr std::chrono::milliseconds kFolderLockTimeout{500};

/// False when a blob is not here any more.
Result<bool> build_aside(const Surroundings& around, sqlite::Connection& db,
                         const catalog::Download& download, const catalog::Revision& shown) {
  std::vector<storage::FolderFile> content;
  for (const catalog::ModelFile& file : TRY(catalog::revision_files(db, shown.pk)))
    content.push_back({file.path, file.sha256});
  const storage::Layout& layout = around.config->layout;
  const auto built =
      storage::build_folder(*around.files, layout, layout.staged_kept_tree(download.id), content);
  if (built) return true;
  if (built.error().kind != ErrorKind::not_found) return tl::unexpected{built.error()};
  log::failure("revision.not_kept", built.error(), {{"model", download.model_id}});
  return false;
}

}  // namespace

Result<> keep_shown_revision(const Surroundings& around, sqlite::Connection& db,
                             const catalog::Download& download, const FileLock& /*folder*/) {
  if (!download.in_folder || !download.model_pk) return {};
  const auto shown = TRY(catalog::shown_revision(db, *download.model_pk));
  if (!shown || shown->commit.empty() || shown->commit == download.commit) return {};
  const storage::Layout& layout = around.config->layout;
  const std::string target = layout.revision_dir(download.model_id, shown->commit);
  if (around.files->stat(target)) return {};
  if (!TRY(build_aside(around, db, download, *shown))) return {};
  return storage::swap_in(*around.files, layout.staged_kept_tree(download.id), target);
}

Result<> restore_shown_folder(const Surroundings& around, sqlite::Connection& db,
                              const catalog::Download& download) {
  if (!download.in_folder || !download.model_pk) return {};
  const storage::Layout& layout = around.config->layout;
  if (!around.files->stat(layout.staged_tree(download.id))) return {};
  // As in publish(): the download's lock, then the folder's.
  const FileLock folder =
      TRY(FileLock::take(layout.folder_lock(download.model_id), kFolderLockTimeout));
  const auto shown = TRY(catalog::shown_revision(db, *download.model_pk));
  if (!shown || !TRY(build_aside(around, db, download, *shown))) return {};
  return storage::swap_in(*around.files, layout.staged_kept_tree(download.id),
                          layout.model_dir(download.model_id));
}

}  // namespace modelkeep::fetch
