// What people do with a download: pause, resume, cancel, retry, order.
#include "catalog/ask.h"
#include "catalog/download_rows.h"
#include "catalog/model_rows.h"
#include "catalog/model_search.h"
#include "catalog/queue_order.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

Result<> require_move(const Download& download, DownloadStatus after) {
  if (may_move(download.status, after)) return {};
  return fail(ErrorKind::conflict, codes::state_conflict,
              "A download that is " + std::string(text(download.status)) + " cannot become " +
                  std::string(text(after)) + ".");
}

constexpr std::string_view kCountActive = R"(
  SELECT count(*) FROM downloads
  WHERE status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing', 'paused'))";

constexpr std::string_view kQueueAgain = R"(
  UPDATE downloads SET status = 'queued', wait_reason = '', not_before = 0, error = '',
         error_code = '', stalled_tries = 0, bytes_per_second = 0, eta_seconds = NULL,
         finished_at = 0, space_reserved = iif(status = 'failed', 0, space_reserved),
         position = (SELECT coalesce(max(position), 0) + 65536 FROM downloads
                     WHERE status IN ('queued', 'resolving', 'downloading', 'verifying',
                                      'publishing', 'paused'))
  WHERE id = ?1)";
constexpr std::string_view kModelIsDownloading =
    "UPDATE models SET status = 'downloading', version = version + 1 WHERE pk = ?1 AND status = "
    "'failed'";

constexpr std::string_view kPause = R"(
  UPDATE downloads SET status = 'paused', wait_reason = '', bytes_per_second = 0, eta_seconds = NULL
  WHERE id = ?1)";

constexpr std::string_view kCancel = R"(
  UPDATE downloads SET status = 'cancelled', wait_reason = '', bytes_per_second = 0,
         eta_seconds = NULL, finished_at = ?2
  WHERE id = ?1)";
constexpr std::string_view kCancelOfModel = R"(
  UPDATE downloads SET status = 'cancelled', wait_reason = '', bytes_per_second = 0,
         eta_seconds = NULL, finished_at = ?2
  WHERE model_pk = ?1 AND status NOT IN ('ready', 'cancelled')
  RETURNING id)";
constexpr std::string_view kRemoveStaging =
    "INSERT INTO removals (kind, download_id, created_at) VALUES ('staging', ?1, ?2)";
constexpr std::string_view kRemoveModelFolder = R"(
  INSERT INTO removals (kind, model_id, model_name, created_at) VALUES ('model', ?1, ?2, ?3))";
constexpr std::string_view kDeleteModel = "DELETE FROM models WHERE pk = ?1";

/// Nothing of the model is ready, and no other download could make it so.
constexpr std::string_view kIsHopeless = R"(
  SELECT count(*) FROM models m
  WHERE m.pk = ?1 AND m.status IN ('downloading', 'failed')
    AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.model_pk = m.pk)
    AND NOT EXISTS (SELECT 1 FROM downloads d WHERE d.model_pk = m.pk AND d.id <> ?2
                      AND d.status NOT IN ('ready', 'cancelled')))";

constexpr std::string_view kCountAskers =
    "SELECT count(*) FROM download_askers WHERE download_id = ?1";

constexpr std::string_view kWaitsWhenFull =
    "UPDATE downloads SET waits_when_full = ?2 WHERE id = ?1";
constexpr std::string_view kSetPriority = "UPDATE downloads SET priority = ?2 WHERE id = ?1";

Result<> cancel(sqlite::Connection& db, const Download& download, Time now) {
  if (download.status == DownloadStatus::cancelled) return {};
  TRY(require_move(download, DownloadStatus::cancelled));
  TRY(db.run(kCancel, download.id, now));
  TRY(db.run(kRemoveStaging, download.id, now));
  if (!download.model_pk) return {};
  const auto hopeless = TRY(db.one<std::int64_t>(kIsHopeless, *download.model_pk, download.id));
  if (hopeless.value_or(0) == 0) return {};
  const Model model = TRY(find_model_by_pk(db, *download.model_pk));
  return remove_model_rows(db, model, now);
}

/// One person's move in one transaction; the download as it is then.
template <class Change>
Result<Download> change_download(sqlite::Connection& db, std::int64_t id, Change&& change) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  const Download before = TRY(find_download(db, id));
  TRY(change(before));
  Download after = TRY(find_download(db, id));
  TRY(writing.commit());
  return after;
}

}  // namespace

Result<> require_place_in_queue(sqlite::Connection& db) {
  const auto active = TRY(db.one<std::int64_t>(kCountActive));
  if (active.value_or(0) < kQueueMax) return {};
  return fail(ErrorKind::unavailable, codes::queue_full,
              "The queue is full. Try again when some downloads have finished.");
}

Result<> queue_again(sqlite::Connection& db, const Download& download) {
  TRY(db.run(kQueueAgain, download.id));
  if (download.model_pk) TRY(db.run(kModelIsDownloading, *download.model_pk));
  return put_fairly(db, download.id);
}

Result<> remove_model_rows(sqlite::Connection& db, const Model& model, Time now) {
  const auto cancelled = TRY(db.all<std::int64_t>(kCancelOfModel, model.pk, now));
  for (const std::int64_t download_id : cancelled) TRY(db.run(kRemoveStaging, download_id, now));
  TRY(db.run(kRemoveModelFolder, model.id, model.name, now));
  TRY(unindex_model(db, model.pk));
  return db.run(kDeleteModel, model.pk);
}

Result<Download> pause_download(sqlite::Connection& db, std::int64_t id) {
  return change_download(db, id, [&](const Download& download) -> Result<> {
    if (download.status == DownloadStatus::paused) return {};
    TRY(require_move(download, DownloadStatus::paused));
    return db.run(kPause, id);
  });
}

Result<Download> resume_download(sqlite::Connection& db, std::int64_t id) {
  return change_download(db, id, [&](const Download& download) -> Result<> {
    if (download.status != DownloadStatus::paused && is_active(download.status)) return {};
    if (download.status != DownloadStatus::paused) {
      return fail(ErrorKind::conflict, codes::state_conflict,
                  "Only a paused download can be resumed.");
    }
    return queue_again(db, download);
  });
}

Result<Download> cancel_download(sqlite::Connection& db, std::int64_t id, Time now) {
  return change_download(
      db, id, [&](const Download& download) -> Result<> { return cancel(db, download, now); });
}

Result<Download> withdraw_download(sqlite::Connection& db, std::int64_t id, Time now) {
  return change_download(db, id, [&](const Download& download) -> Result<> {
    const auto askers = TRY(db.one<std::int64_t>(kCountAskers, id));
    if (download.status != DownloadStatus::failed || askers.value_or(0) > 1) return {};
    return cancel(db, download, now);
  });
}

Result<Download> retry_download(sqlite::Connection& db, std::int64_t id,
                                std::optional<bool> waits_when_full,
                                const std::function<Result<>(const Download&)>& may_queue) {
  return change_download(db, id, [&](Download download) -> Result<> {
    if (download.status != DownloadStatus::failed) {
      return fail(ErrorKind::conflict, codes::state_conflict,
                  "Only a failed download can be retried; ask for a cancelled one again.");
    }
    TRY(require_place_in_queue(db));
    if (waits_when_full) {
      download.waits_when_full = *waits_when_full;
      TRY(db.run(kWaitsWhenFull, id, *waits_when_full));
    }
    TRY(may_queue(download));
    return queue_again(db, download);
  });
}

Result<Download> order_download(sqlite::Connection& db, std::int64_t id,
                                std::optional<Priority> priority,
                                std::optional<std::int64_t> position) {
  return change_download(db, id, [&](const Download& download) -> Result<> {
    if (!is_active(download.status)) {
      return fail(ErrorKind::conflict, codes::state_conflict, "The download has ended.");
    }
    if (priority) {
      TRY(db.run(kSetPriority, id, static_cast<int>(*priority)));
      TRY(put_fairly(db, id));
    }
    return position ? put_at(db, id, *position) : Result<>();
  });
}

}  // namespace modelkeep::catalog
