#include "fetch/local_job.h"

#include <vector>

#include "base/error_codes.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "catalog/local_models.h"
#include "fetch/full_disk.h"
#include "fetch/job.h"
#include "fetch/publish.h"
#include "storage/blob_store.h"
#include "storage/mount.h"

namespace modelkeep::fetch {
namespace {

constexpr std::int64_t kIdleWaitMs = 1'000;
constexpr std::int64_t kHeldLockWaitMs = 500;

tl::unexpected<Error> broken_off(const catalog::Download& download,
                                 const catalog::DownloadFile& file) {
  if (download.source == catalog::Source::import) {
    return fail(ErrorKind::invalid, codes::import_broken_off,
                "The import was broken off. Run it again; it goes on where it was.");
  }
  return fail(ErrorKind::invalid, codes::file_not_uploaded,
              "A file was not uploaded, or so long ago that it is gone: " + file.path);
}

/// What is staged becomes blobs. The rows name it already, so no sweep takes it.
Result<> take_in(const Surroundings& around, const catalog::Download& download,
                 const std::vector<catalog::DownloadFile>& files) {
  const storage::Layout& layout = around.config->layout;
  storage::BlobStore blobs(*around.files, layout);
  std::vector<storage::SyncedFile> staged;
  for (const catalog::DownloadFile& file : files) {
    if (file.sha256.empty()) return broken_off(download, file);
    const auto size_bytes = static_cast<std::uint64_t>(file.size_bytes);
    const std::string path = layout.pushed_object(file.sha256);
    if (TRY(blobs.find(file.sha256)) == size_bytes) {
      static_cast<void>(around.files->remove_file(path));  // Pushed once more.
      continue;
    }
    const auto there = around.files->stat(path);
    if (!there || !there->is_file || there->size_bytes != size_bytes)
      return broken_off(download, file);
    staged.push_back({path, file.sha256, size_bytes});
  }
  return staged.empty() ? Result<>{} : blobs.commit(staged);
}

Result<> finish(const Surroundings& around, sqlite::Connection& db,
                const catalog::Download& download) {
  const catalog::Claim claim{download.id, download.epoch};
  TRY(storage::check_writable(*around.files, around.config->layout));
  const auto files = TRY(catalog::download_files(db, download.id));
  TRY(take_in(around, download, files));
  if (download.commit.empty()) {
    return fail(ErrorKind::invalid, codes::import_broken_off,
                "The import was broken off. Run it again; it goes on where it was.");
  }
  TRY(catalog::move_to(db, claim, catalog::DownloadStatus::verifying));
  return publish(around, db, download, files);
}

}  // namespace

Result<bool> finish_next_local(const Surroundings& around, sqlite::Connection& db) {
  if (!TRY(catalog::has_local(db, around.clock->now()))) return false;
  const auto download = TRY(catalog::claim_local(db, around.clock->now()));
  if (!download) return false;
  const auto lock = FileLock::try_take(around.config->layout.download_lock(download->id));
  if (!lock) {
    const Time later{around.clock->now().ms + kHeldLockWaitMs};
    TRY(catalog::wait_for(db, {download->id, download->epoch}, catalog::WaitReason::none, later));
    return false;
  }
  log::info("download.claimed", {{"download", download->id},
                                 {"model", download->model_name},
                                 {"source", catalog::text(download->source)}});
  if (auto done = finish(around, db, *download); !done)
    TRY(settle_job(around, db, *download, {.error = std::move(done).error()}));
  return true;
}

void work_on_local(const Surroundings& around, sqlite::Connection& db, Bell& bell,
                   std::stop_token stop) {
  std::uint64_t heard = 0;
  while (!stop.stop_requested()) {
    const auto worked = finish_next_local(around, db);
    if (!worked && worked.error().code != codes::claim_lost) {
      log::failure("fetcher.turn_failed", worked.error());
      make_room_for_rows(around, worked.error());
    }
    if (worked && *worked) continue;
    bell.wait(kIdleWaitMs, heard, stop);
  }
}

}  // namespace modelkeep::fetch
