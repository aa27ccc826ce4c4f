#include "catalog/downloads.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <unordered_map>

#include "catalog/download_rows.h"
#include "catalog/sql_text.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {

void read_row(const sqlite::Row& row, Download& download) {
  std::string status;
  std::string wait_reason;
  std::string allow;
  std::string ignore;
  std::string source;
  int priority = 0;
  std::int64_t finished_ms = 0;
  row.read(download.id, download.model_pk, download.model_id, download.model_name,
           download.revision, download.commit, status, wait_reason, download.not_before, priority,
           download.epoch, download.attempts, download.stalled_tries, allow, ignore,
           download.wanted_version, download.in_folder, download.waits_when_full,
           download.space_reserved, download.plans_ahead, download.streams, download.pinned_commit,
           download.bytes_done, download.bytes_total, download.bytes_per_second,
           download.eta_seconds, download.error, download.error_code, download.created_at,
           finished_ms, download.seq, source);
  download.source = parse_source(source).value_or(Source::upstream);
  download.status = parse_download_status(status).value_or(DownloadStatus::failed);
  download.wait_reason = parse_wait_reason(wait_reason).value_or(WaitReason::none);
  download.priority = static_cast<Priority>(priority);
  download.allow_patterns = split_lines(allow);
  download.ignore_patterns = split_lines(ignore);
  if (finished_ms != 0) download.finished_at = Time{finished_ms};
}

bool waits(const Download& download) {
  return download.status == DownloadStatus::queued ||
         (download.plans_ahead && download.status == DownloadStatus::resolving);
}

void read_row(const sqlite::Row& row, DownloadFile& file) {
  std::string status;
  row.read(file.number, file.path, file.size_bytes, file.sha256, file.git_oid, file.is_lfs,
           file.bytes_done, file.checkpoint_bytes, file.etag, status);
  file.status = parse_file_status(status).value_or(FileStatus::failed);
}

void read_row(const sqlite::Row& row, Asker& asker) {
  row.read(asker.username, asker.ip_address, asker.requested_at);
}

namespace {

constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kFromDownloads = " FROM downloads ";
constexpr std::string_view kWhereId = "WHERE id = ?1";
// By name: SQLite would take the index of all downloads of the model and read each row for its
// status, on the way of every look at a model.
constexpr std::string_view kFromActive = " FROM downloads INDEXED BY downloads_one_active ";
constexpr std::string_view kActiveOfModel = R"(
  WHERE model_pk = ?1
    AND status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing', 'paused')
  ORDER BY in_folder DESC, id LIMIT 1)";
// The bound of the index is written out: from the parameter alone SQLite does not see that it
// serves, and would read every download there ever was for whoever polls.
constexpr std::string_view kSince = "WHERE seq > 0 AND seq > ?1 ORDER BY seq LIMIT ?2";
// The groups are written out, so that the index of unfinished ones serves the page that everyone
// polls, however many have finished.
constexpr std::string_view kAll = "WHERE 1 = 1";
constexpr std::string_view kActive = R"(
  WHERE status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing', 'paused'))";
constexpr std::string_view kFinished = "WHERE status IN ('ready', 'failed', 'cancelled')";
constexpr std::string_view kNewestFirst = R"(
  AND id < ?1 AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR model_id = ?3)
  ORDER BY id DESC LIMIT ?4)";
constexpr std::string_view kCount = "SELECT count(*)";
constexpr std::string_view kCounted =
    " AND (?1 IS NULL OR status = ?1) AND (?2 IS NULL OR model_id = ?2)";
constexpr std::string_view kSeq = "SELECT download_seq, queue_seq FROM totals";

// The list of statuses is that of the index of unfinished ones, without which every download there
// ever was would be read.
constexpr std::string_view kWaiting = R"(
  WHERE status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing', 'paused')
    AND (status = 'queued' OR status = 'resolving' AND plans_ahead = 1) )";
constexpr std::string_view kNotSince = "AND seq <= ?1";
constexpr std::string_view kQueueOrder = "SELECT id, not_before FROM downloads ";
constexpr std::string_view kByPlace = "ORDER BY priority DESC, position, id";

constexpr std::string_view kFiles = R"(
  SELECT number, path, size_bytes, sha256, git_oid, is_lfs, bytes_done, checkpoint_bytes,
         etag, status
  FROM download_files WHERE download_id = ?1 ORDER BY number)";

constexpr std::string_view kAskers = R"(
  SELECT username, ip_address, requested_at
  FROM download_askers WHERE download_id = ?1 ORDER BY requested_at, username)";

}  // namespace

Result<> fill_positions(sqlite::Connection& db, std::vector<Download>& downloads) {
  if (std::none_of(downloads.begin(), downloads.end(), waits)) return {};
  struct Place {
    std::int64_t position = 0;
    std::int64_t soonest_ahead_ms = 0;
  };
  std::unordered_map<std::int64_t, Place> places;
  std::int64_t position = 0;
  std::int64_t soonest_ms = std::numeric_limits<std::int64_t>::max();
  TRY(db.each(kJoinedSql<kQueueOrder, kWaiting, kByPlace>, [&](const sqlite::Row& row) {
    places.emplace(row.integer(0), Place{++position, soonest_ms});
    soonest_ms = std::min(soonest_ms, row.integer(1));
  }));
  for (Download& download : downloads) {
    if (!waits(download)) continue;
    const Place place = places[download.id];
    download.position = place.position;
    download.soonest_ahead = Time{place.soonest_ahead_ms};
  }
  return {};
}

Result<Download> find_download(sqlite::Connection& db, std::int64_t id) {
  auto found =
      TRY(db.all<Download>(kJoinedSql<kSelect, kDownloadColumns, kFromDownloads, kWhereId>, id));
  if (found.empty()) {
    return fail(ErrorKind::not_found, codes::download_not_found, "There is no such download.");
  }
  TRY(fill_positions(db, found));
  return std::move(found.front());
}

Result<std::optional<Download>> active_download(sqlite::Connection& db, std::int64_t model_pk) {
  auto found = TRY(db.all<Download>(
      kJoinedSql<kSelect, kDownloadColumns, kFromActive, kActiveOfModel>, model_pk));
  if (found.empty()) return std::optional<Download>{};
  TRY(fill_positions(db, found));
  return std::optional<Download>{std::move(found.front())};
}

Result<std::vector<DownloadFile>> download_files(sqlite::Connection& db, std::int64_t id) {
  return db.all<DownloadFile>(kFiles, id);
}

Result<std::vector<Asker>> download_askers(sqlite::Connection& db, std::int64_t id) {
  return db.all<Asker>(kAskers, id);
}

namespace {

struct ListSql {
  std::string_view page;
  std::string_view count;
};

template <const std::string_view& kGroup>
constexpr ListSql kListOf = {
    kJoinedSql<kSelect, kDownloadColumns, kFromDownloads, kGroup, kNewestFirst>,
    kJoinedSql<kCount, kFromDownloads, kGroup, kCounted>};

const ListSql& list_sql(DownloadGroup group) {
  switch (group) {
    case DownloadGroup::all:
      return kListOf<kAll>;
    case DownloadGroup::active:
      return kListOf<kActive>;
    case DownloadGroup::finished:
      return kListOf<kFinished>;
  }
  return kListOf<kAll>;
}

struct Seqs {
  std::int64_t downloads = 0;
  std::int64_t queue = 0;
};

void read_row(const sqlite::Row& row, Seqs& seqs) {
  row.read(seqs.downloads, seqs.queue);
}

/// True when there was one more than the limit; it is taken off.
bool cut_to(std::vector<Download>& downloads, int limit) {
  if (downloads.size() <= static_cast<std::size_t>(limit)) return false;
  downloads.pop_back();
  return true;
}

Result<> list_changed(sqlite::Connection& db, std::int64_t since, int limit, const Seqs& seqs,
                      DownloadPage& page) {
  page.downloads = TRY(db.all<Download>(
      kJoinedSql<kSelect, kDownloadColumns, kFromDownloads, kSince>, since, limit + 1));
  if (cut_to(page.downloads, limit)) page.seq = page.downloads.back().seq;
  // A change of places touches all that wait, though their rows stay as they are. They come with
  // the page that passes it, however many, since none of them has a seq to go on from.
  if (seqs.queue <= since || seqs.queue > page.seq) return {};
  auto moved = TRY(db.all<Download>(
      kJoinedSql<kSelect, kDownloadColumns, kFromDownloads, kWaiting, kNotSince>, since));
  std::move(moved.begin(), moved.end(), std::back_inserter(page.downloads));
  return {};
}

Result<> list_newest(sqlite::Connection& db, const DownloadQuery& query,
                     std::optional<std::string_view> status, DownloadPage& page) {
  const std::int64_t before = query.before_id.value_or(std::numeric_limits<std::int64_t>::max());
  page.downloads = TRY(db.all<Download>(list_sql(query.group).page, before, status, query.model_id,
                                        query.limit + 1));
  if (cut_to(page.downloads, query.limit)) page.next_before_id = page.downloads.back().id;
  return {};
}

}  // namespace

Result<DownloadPage> list_downloads(sqlite::Connection& db, const DownloadQuery& query) {
  const auto one_moment = TRY(sqlite::ReadTransaction::begin(db));
  std::optional<std::string_view> status;
  if (query.status) status = text(*query.status);
  const auto stored = TRY(db.one<Seqs>(kSeq));
  const Seqs seqs = stored.value_or(Seqs{});
  DownloadPage page{.seq = seqs.downloads};
  TRY(query.since ? list_changed(db, *query.since, query.limit, seqs, page)
                  : list_newest(db, query, status, page));
  const auto total = TRY(db.one<std::int64_t>(list_sql(query.group).count, status, query.model_id));
  page.total = total.value_or(0);
  TRY(fill_positions(db, page.downloads));
  return page;
}

}  // namespace modelkeep::catalog
