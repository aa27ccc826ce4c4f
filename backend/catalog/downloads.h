#pragma once
// Downloads as people see them: list, look at, pause, resume, cancel, retry, order. What a fetcher
// does with a row is in catalog/queue.h.
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "catalog/models.h"

namespace modelkeep::catalog {

struct Download {
  std::int64_t id = 0;                   ///< Never reused.
  std::optional<std::int64_t> model_pk;  ///< Absent when the model is gone.
  std::string model_id;
  std::string model_name;
  std::string revision;
  std::string commit;
  DownloadStatus status = DownloadStatus::queued;
  WaitReason wait_reason = WaitReason::none;
  Time not_before;  ///< A queued one is not claimed earlier.
  Priority priority = Priority::normal;
  std::int64_t position = 0;  ///< Place in the queue from 1; 0 when it is not queued.
  /// When the first of those before it may be claimed; never when it is the first.
  Time soonest_ahead{std::numeric_limits<std::int64_t>::max()};
  std::int64_t epoch = 0;
  int attempts = 0;
  int stalled_tries = 0;  ///< Of upstream, in a row, that brought not one byte; see wait_for.
  std::vector<std::string> allow_patterns;
  std::vector<std::string> ignore_patterns;
  std::int64_t wanted_version = 1;  ///< Of the patterns; see save_plan.
  Source source = Source::upstream;
  bool in_folder = true;         ///< It becomes what <mount>/<id>/ shows.
  bool waits_when_full = false;  ///< Asked to wait for disk space rather than to fail.
  bool space_reserved = false;   ///< Its bytes were found to fit and count against others.
  bool plans_ahead = false;      ///< Resolving while it waits: it holds no slot.
  bool streams = false;          ///< A client waits at the hub door: it needs no slot.
  std::string pinned_commit;     ///< The commit it must bring; empty: what the revision means.
  std::int64_t bytes_done = 0;
  std::int64_t bytes_total = 0;
  std::int64_t bytes_per_second = 0;
  std::optional<std::int64_t> eta_seconds;
  std::string error;
  std::string error_code;
  Time created_at;
  std::optional<Time> finished_at;
  std::int64_t seq = 0;  ///< The change that touched it last.
};
void read_row(const sqlite::Row& row, Download& download);
/// It stands in the queue: queued, or resolved ahead of its turn.
bool waits(const Download& download);

struct DownloadFile {
  int number = 0;  ///< The part's name in staging.
  std::string path;
  std::int64_t size_bytes = 0;
  std::string sha256;   ///< Upstream's, or ours once hashed; else empty.
  std::string git_oid;  ///< Upstream's blob id; the digest to check when is_lfs is false.
  bool is_lfs = false;
  std::int64_t bytes_done = 0;
  std::int64_t checkpoint_bytes = 0;  ///< On the disk for sure: where a resume starts.
  std::string etag;
  FileStatus status = FileStatus::queued;
};
void read_row(const sqlite::Row& row, DownloadFile& file);

struct Asker {
  std::string username;
  std::string ip_address;
  Time requested_at;
};
void read_row(const sqlite::Row& row, Asker& asker);

Result<Download> find_download(sqlite::Connection& db, std::int64_t id);  ///< download_not_found
Result<std::optional<Download>> active_download(sqlite::Connection& db, std::int64_t model_pk);
Result<std::vector<DownloadFile>> download_files(sqlite::Connection& db, std::int64_t id);
Result<std::vector<Asker>> download_askers(sqlite::Connection& db, std::int64_t id);

enum class DownloadGroup : std::uint8_t { all, active, finished };

struct DownloadQuery {
  /// Only what changed after this seq, in order of change; where places in the queue changed, all
  /// that wait come too, also past the limit.
  std::optional<std::int64_t> since;
  std::optional<std::int64_t>
      before_id;  ///< The cursor; without `since`, the list is newest first.
  std::optional<DownloadStatus> status;
  DownloadGroup group = DownloadGroup::all;
  std::optional<std::string> model_id;
  int limit = 50;
};
struct DownloadPage {
  std::vector<Download> downloads;
  std::int64_t total = 0;
  std::int64_t seq = 0;  ///< To ask for as `since` next time.
  std::optional<std::int64_t> next_before_id;
};
Result<DownloadPage> list_downloads(sqlite::Connection& db, const DownloadQuery& query);

/// The download as it is then; state_conflict when the move is not allowed; the same state again is
/// fine.
Result<Download> pause_download(sqlite::Connection& db, std::int64_t id);
Result<Download> resume_download(sqlite::Connection& db, std::int64_t id);
/// Takes the model row with it when this was to be its first revision, or its last hope.
Result<Download> cancel_download(sqlite::Connection& db, std::int64_t id, Time now);
/// The same for one that failed and that nobody else has asked for meanwhile; the others stay as
/// they are.
Result<Download> withdraw_download(sqlite::Connection& db, std::int64_t id, Time now);
/// `may_queue` is asked inside the transaction; its error leaves the download failed. With a value,
/// `waits_when_full` is set anew.
Result<Download> retry_download(
    sqlite::Connection& db, std::int64_t id, std::optional<bool> waits_when_full = std::nullopt,
    const std::function<Result<>(const Download&)>& may_queue = [](const Download&) -> Result<> {
      return {};
    });
/// `position` counts from 1 within the queue; past its end means last. Only a queued one has a
/// position.
Result<Download> order_download(sqlite::Connection& db, std::int64_t id,
                                std::optional<Priority> priority,
                                std::optional<std::int64_t> position);

}  // namespace modelkeep::catalog
