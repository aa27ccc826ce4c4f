#include "fetch/publish.h"

#include <chrono>
#include <optional>
#include <utility>

#include "base/error_codes.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "catalog/publish.h"
#include "fetch/removals.h"
#include "fetch/shown_folder.h"
#include "storage/blob_store.h"
#include "storage/model_folder.h"
#include "storage/trash.h"
#include "view/show.h"

namespace modelkeep::fetch {
namespace {

// Longer than a removal takes: that is a rename.
constexpr std::chrono::milliseconds kFolderLockTimeout{30'000};

Result<> require_blobs(const Surroundings& around,
                       const std::vector<catalog::DownloadFile>& files) {
  storage::BlobStore blobs(*around.files, around.config->layout);
  for (const catalog::DownloadFile& file : files) {
    const auto size = file.sha256.empty() ? std::nullopt : TRY(blobs.find(file.sha256));
    if (size != static_cast<std::uint64_t>(file.size_bytes)) {
      return fail(ErrorKind::unavailable, codes::checksum_mismatch,
                  "A stored file is not there: " + file.path);
    }
  }
  return {};
}

std::vector<storage::FolderFile> folder_content(const std::vector<catalog::DownloadFile>& files) {
  std::vector<storage::FolderFile> content;
  for (const catalog::DownloadFile& file : files) content.push_back({file.path, file.sha256});
  return content;
}

catalog::Published rows_of(const catalog::Download& download,
                           const std::vector<catalog::DownloadFile>& files, Time now) {
  catalog::Published published;
  // Who imports names no digests to check against; who pushes does.
  if (download.source == catalog::Source::import)
    published.integrity = catalog::Integrity::unverified;
  for (const catalog::DownloadFile& file : files) {
    published.files.push_back({file.path, file.size_bytes, file.sha256, file.git_oid, now});
  }
  return published;
}

view::Coming coming(const catalog::Download& download, bool complete,
                    const std::vector<catalog::DownloadFile>& files) {
  view::Coming revision{.commit = download.commit,
                        .revision = download.revision,
                        .in_folder = download.in_folder,
                        .complete = complete};
  for (const catalog::DownloadFile& file : files) {
    revision.files.push_back({file.path, file.size_bytes, file.sha256, file.git_oid, {}});
  }
  return revision;
}

/// The cache view follows the row; without it the model is as good.
void show_in_view(const Surroundings& around, sqlite::Connection& db,
                  const catalog::Download& download,
                  const std::vector<catalog::DownloadFile>& files, const FileLock& view) {
  const auto complete = catalog::plan_is_complete(db, download.id);
  const auto shown =
      view::show_coming(db, *around.files, around.config->layout, download.model_name,
                        coming(download, complete.value_or(false), files), view);
  if (!shown) log::failure("view.failed", shown.error(), {{"model", download.model_name}});
}

/// One transaction says `ready`. Nobody may change the view between it and what it says.
Result<> say_ready(const Surroundings& around, sqlite::Connection& db,
                   const catalog::Download& download,
                   const std::vector<catalog::DownloadFile>& files, const FileLock& view) {
  show_in_view(around, db, download, files, view);
  const Time now = around.clock->now();
  auto said =
      catalog::publish(db, {download.id, download.epoch}, rows_of(download, files, now), now);
  if (!said) {
    static_cast<void>(
        view::show_model(db, *around.files, around.config->layout, download.model_name, view));
  }
  return said;
}

}  // namespace

Result<> publish(const Surroundings& around, sqlite::Connection& db,
                 const catalog::Download& download,
                 const std::vector<catalog::DownloadFile>& files) {
  const catalog::Claim claim{download.id, download.epoch};
  const storage::Layout& layout = around.config->layout;
  TRY(require_blobs(around, files));
  TRY(catalog::move_to(db, claim, catalog::DownloadStatus::publishing));
  const std::string aside = layout.staged_tree(download.id);
  const std::string target = download.in_folder
                                 ? layout.model_dir(download.model_id)
                                 : layout.revision_dir(download.model_id, download.commit);
  const auto built =
      TRY(storage::build_folder(*around.files, layout, aside, folder_content(files)));
  if (!built.shared) log::warn("storage.copied", {{"download", download.id}});
  // Nobody may take the folder away between the swap and the transaction.
  std::optional<FileLock> folder =
      TRY(FileLock::take(layout.folder_lock(download.model_id), kFolderLockTimeout));
  TRY(execute_removals_of(around, db, download.model_id, *folder));
  TRY(catalog::check_claim(db, claim));
  TRY(keep_shown_revision(around, db, download, *folder));
  std::optional<FileLock> view = TRY(view::lock_view(layout));
  TRY(storage::swap_in(*around.files, aside, target));
  if (auto said = say_ready(around, db, download, files, *view); !said) {
    if (said.error().code == codes::claim_lost || said.error().code == codes::plan_stale) {
      TRY(storage::swap_back(*around.files, aside, target));
    }
    return said;
  }
  log::info("download.ready",
            {{"download", download.id}, {"model", download.model_name}, {"files", files.size()}});
  // Who deletes the model now does not wait for our sweeping up.
  view.reset();
  folder.reset();
  // From here on all is said; what is left over is the sweep's if this fails.
  static_cast<void>(storage::move_to_trash(*around.files, layout, layout.staging_dir(download.id),
                                           "download-" + std::to_string(download.id)));
  return {};
}

}  // namespace modelkeep::fetch
