#include "fetch/removals.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "base/error_codes.h"
#include "base/log.h"
#include "catalog/publish.h"
#include "fetch/shown_folder.h"
#include "storage/trash.h"
#include "view/show.h"

namespace modelkeep::fetch {
namespace {

using catalog::Removal;

// A transfer that was cancelled notices within a fifth of a second, and a publisher lets the folder
// go right after its row says ready. In all, for whoever asked is waiting.
constexpr std::int64_t kPatienceMs = 500;

std::string trash_name(const Removal& removal, std::string_view what) {
  return "removal-" + std::to_string(removal.id).append("-").append(what);
}

/// What the rows say of the model goes for the view, too; a chore tries again where that fails.
void follow_in_view(const Surroundings& around, sqlite::Connection& db,
                    const std::string& model_name) {
  const auto follow = [&]() -> Result<> {
    const FileLock view = TRY(view::lock_view(around.config->layout));
    return view::show_model(db, *around.files, around.config->layout, model_name, view);
  };
  if (const auto followed = follow(); !followed)
    log::failure("view.failed", followed.error(), {{"model", model_name}});
}

Result<> take_staging_away(const Surroundings& around, sqlite::Connection& db,
                           const Removal& removal) {
  const auto download = catalog::find_download(db, removal.download_id);
  if (download) {
    TRY(restore_shown_folder(around, db, *download));
    follow_in_view(around, db, download->model_name);
  }
  if (!download && download.error().code != codes::download_not_found)
    return tl::unexpected{download.error()};
  const storage::Layout& layout = around.config->layout;
  return storage::move_to_trash(*around.files, layout, layout.staging_dir(removal.download_id),
                                trash_name(removal, "staging"));
}

Result<> take_away(const Surroundings& around, sqlite::Connection& db, const Removal& removal) {
  if (removal.kind == "staging") return take_staging_away(around, db, removal);
  const storage::Layout& layout = around.config->layout;
  Files& files = *around.files;
  follow_in_view(around, db, removal.model_name);
  if (removal.kind == "revision") {
    return storage::move_to_trash(files, layout,
                                  layout.revision_dir(removal.model_id, removal.commit),
                                  trash_name(removal, "revision"));
  }
  TRY(storage::move_to_trash(files, layout, layout.model_dir(removal.model_id),
                             trash_name(removal, "folder")));
  return storage::move_to_trash(files, layout, layout.revisions_of(removal.model_id),
                                trash_name(removal, "revisions"));
}

Result<> finish(const Surroundings& around, sqlite::Connection& db, const Removal& removal) {
  TRY(take_away(around, db, removal));
  TRY(catalog::finish_removal(db, removal.id));
  log::info(
      "removal.done",
      {{"kind", removal.kind}, {"model", removal.model_id}, {"download", removal.download_id}});
  return {};
}

// The folder may have been published anew since the list was read; under its lock the list says
// what still holds.
Result<> finish_of_folder(const Surroundings& around, sqlite::Connection& db,
                          const Removal& removal) {
  for (const Removal& one : TRY(catalog::pending_removals_of(db, removal.model_id)))
    TRY(finish(around, db, one));
  return {};
}

}  // namespace

Result<int> execute_removals(const Surroundings& around, sqlite::Connection& db) {
  const storage::Layout& layout = around.config->layout;
  int done = 0;
  std::int64_t patience_ms = kPatienceMs;
  for (const Removal& removal : TRY(catalog::pending_removals(db))) {
    const bool staging = removal.kind == "staging";
    const std::int64_t began_ms = around.clock->mono_ms();
    const auto lock = FileLock::take(
        staging ? layout.download_lock(removal.download_id) : layout.folder_lock(removal.model_id),
        std::chrono::milliseconds(patience_ms));
    patience_ms = std::max<std::int64_t>(0, patience_ms - (around.clock->mono_ms() - began_ms));
    if (!lock && lock.error().code == codes::lock_held) continue;
    if (!lock) return tl::unexpected{lock.error()};
    TRY(staging ? finish(around, db, removal) : finish_of_folder(around, db, removal));
    ++done;
  }
  return done;
}

Result<> execute_removals_of(const Surroundings& around, sqlite::Connection& db,
                             std::string_view model_id, const FileLock& /*folder*/) {
  for (const Removal& removal : TRY(catalog::pending_removals_of(db, model_id)))
    TRY(finish(around, db, removal));
  return {};
}

}  // namespace modelkeep::fetch
