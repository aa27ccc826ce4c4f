#include "sweep/leftovers.h"

#include "base/error_codes.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "catalog/downloads.h"
#include "storage/folder_list.h"
#include "storage/trash.h"

namespace modelkeep::sweep {
namespace {

using catalog::DownloadStatus;

// A large folder is pushed in many commits, over days.
constexpr std::int64_t kPushedKeptMs = std::int64_t{3} * 24 * 3600 * 1000;
constexpr std::int64_t kFailedKeptMs = std::int64_t{24} * 3600 * 1000;

// Whether its rows leave nothing for the parts to be good for.
Result<bool> is_stale(sqlite::Connection& db, std::int64_t download_id, const FileStat& folder,
                      Time now) {
  const bool old = now.ms - folder.modified_ms > kFailedKeptMs;
  const auto download = catalog::find_download(db, download_id);
  // A row that is not there may be one that a restored backup does not have yet.
  if (!download && download.error().code == codes::download_not_found) return old;
  if (!download) return tl::unexpected{download.error()};
  if (download->status == DownloadStatus::ready || download->status == DownloadStatus::cancelled)
    return true;
  return download->status == DownloadStatus::failed && old;
}

// What was pushed and never committed, or broke off while it arrived.
Result<> sweep_pushed(Files& files, const storage::Layout& layout, Time now) {
  for (const std::string& name : TRY(storage::list_folder(layout.pushed_dir()))) {
    const std::string path = layout.pushed_object(name);
    const auto found = files.stat(path);
    if (found && now.ms - found->modified_ms > kPushedKeptMs) TRY(files.remove_file(path));
  }
  return {};
}

}  // namespace

Result<> empty_trash(Files& files, const storage::Layout& layout) {
  for (const std::string& name : TRY(storage::list_folder(layout.trash_dir()))) {
    TRY(storage::empty_trash_entry(files, layout, name));
  }
  return {};
}

Result<int> sweep_staging(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                          Time now) {
  TRY(sweep_pushed(files, layout, now));
  int swept = 0;
  for (const std::string& name : TRY(storage::list_folder(layout.staging_root()))) {
    const auto download_id = storage::parse_staging_name(name);
    if (!download_id) continue;
    const auto lock = FileLock::try_take(layout.download_lock(*download_id));
    if (!lock) continue;
    const auto folder = files.stat(layout.staging_dir(*download_id));
    if (!folder || !TRY(is_stale(db, *download_id, *folder, now))) continue;
    TRY(storage::move_to_trash(files, layout, layout.staging_dir(*download_id), "stale-" + name));
    log::info("sweep.staging", {{"download", *download_id}});
    ++swept;
  }
  return swept;
}

}  // namespace modelkeep::sweep
