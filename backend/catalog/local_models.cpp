#include "catalog/local_models.h"

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "catalog/download_rows.h"
#include "catalog/model_ids.h"
#include "catalog/model_search.h"
#include "catalog/sql_text.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kInsertModel = R"(
  INSERT INTO models (id, name, status, is_local, revision, created_at, first_downloaded_by,
                      first_downloaded_from)
  VALUES (?1, ?2, 'downloading', 1, ?3, ?4, ?5, ?6))";
constexpr std::string_view kHoldsRevision = "SELECT count(*) FROM revisions WHERE model_pk = ?1";
constexpr std::string_view kComesFromHub = R"(
  SELECT count(*) FROM downloads WHERE model_pk = ?1 AND source = 'upstream'
    AND status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing', 'paused'))";
// A name that was asked for and that no hub knew.
constexpr std::string_view kTakeOver = R"(
  UPDATE models SET is_local = 1, status = 'downloading', revision = ?2, version = version + 1
  WHERE pk = ?1)";

constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kUnfinished = R"(
  FROM downloads WHERE model_pk = ?1 AND revision = ?2 AND source <> 'upstream'
    AND status NOT IN ('ready', 'cancelled')
  ORDER BY status = 'failed', id DESC LIMIT 1)";

constexpr std::string_view kInsertDownload = R"(
  INSERT INTO downloads (model_pk, model_id, model_name, revision, commit_hash, status, priority,
                         position, planned_version, in_folder, source, epoch, attempts, claimed_at,
                         bytes_total, bytes_done, created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, 2,
          (SELECT coalesce(max(position), 0) + 65536 FROM downloads
           WHERE status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing',
                            'paused')),
          ?7, ?8, ?9, ?10, ?10, ?11, ?12, ?12, ?13))";
constexpr std::string_view kInsertFile = R"(
  INSERT INTO download_files (download_id, number, path, size_bytes, sha256, git_oid, is_lfs,
                              bytes_done, status)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?4, 'verifying'))";
constexpr std::string_view kAddAsker = R"(
  INSERT OR IGNORE INTO download_askers (download_id, username, ip_address, requested_at)
  VALUES (?1, ?2, ?3, ?4))";

constexpr std::string_view kStep = R"(
  UPDATE downloads SET status = ?2, wait_reason = '', not_before = 0, error = '', error_code = '',
         finished_at = 0, plans_ahead = 0
  WHERE id = ?1 AND status <> ?2)";
constexpr std::string_view kReclaim = R"(
  UPDATE downloads SET epoch = epoch + 1, attempts = attempts + 1, claimed_at = ?2,
         space_reserved = 0 WHERE id = ?1)";
constexpr std::string_view kModelIsDownloading = R"(
  UPDATE models SET status = 'downloading', version = version + 1
  WHERE pk = ?1 AND status = 'failed')";

constexpr std::string_view kHead = R"(
  SELECT r.commit_hash FROM refs f JOIN revisions r ON r.pk = f.revision_pk
  WHERE f.model_pk = ?1 AND f.name = ?2 AND f.is_tag = 0)";

constexpr std::string_view kClaimLocal = R"(
  UPDATE downloads SET status = 'resolving', plans_ahead = 0, epoch = epoch + 1,
         attempts = attempts + 1, claimed_at = ?1, wait_reason = '', not_before = 0, error = '',
         error_code = ''
  WHERE id = (SELECT id FROM downloads WHERE status = 'queued' AND not_before <= ?1
                AND source <> 'upstream' ORDER BY position, id LIMIT 1)
  RETURNING )";
constexpr std::string_view kHasLocal =
    "SELECT count(*) FROM (SELECT 1 FROM downloads WHERE status = 'queued' AND not_before <= ?1 "
    "AND source <> 'upstream' LIMIT 1)";

tl::unexpected<Error> conflict(std::string message) {
  return fail(ErrorKind::conflict, codes::state_conflict, std::move(message));
}

Result<Model> create_model(sqlite::Connection& db, const LocalAsking& asking, Time now) {
  const std::string id = TRY(free_id(db, asking.name));
  TRY(db.run(kInsertModel, id, asking.name, asking.revision, now, asking.username,
             asking.ip_address));
  const std::int64_t pk = db.last_insert_id();
  TRY(index_model(db, pk));
  return find_model_by_pk(db, pk);
}

Result<Model> find_or_create(sqlite::Connection& db, const LocalAsking& asking, Time now) {
  auto found = TRY(find_model_named(db, asking.name));
  if (!found) return create_model(db, asking, now);
  TRY(require_local(db, *found));
  if (found->is_local) return std::move(*found);
  TRY(db.run(kTakeOver, found->pk, asking.revision));
  return find_model_by_pk(db, found->pk);
}

struct NewRow {
  std::string_view commit = {};
  DownloadStatus status = DownloadStatus::queued;
  Source source = Source::push;
  int epoch = 0;
  std::int64_t bytes = 0;
};
Result<std::int64_t> insert_download(sqlite::Connection& db, const Model& model,
                                     const LocalAsking& asking, const NewRow& row, Time now) {
  TRY(require_place_in_queue(db));
  const int planned_version = row.source == Source::push ? 1 : 0;
  TRY(db.run(kInsertDownload, model.pk, model.id, model.name, asking.revision, row.commit,
             text(row.status), planned_version, model.revision == asking.revision, text(row.source),
             row.epoch, now, row.bytes, now));
  const std::int64_t id = db.last_insert_id();
  TRY(db.run(kAddAsker, id, asking.username, asking.ip_address, now));
  return id;
}

/// The steps that lead from where it broke off back to work; each is one that a download may make.
Result<> reopen(sqlite::Connection& db, const Download& download, Time now) {
  using enum DownloadStatus;
  constexpr std::array kSteps{queued, resolving, downloading};
  if (download.status != downloading) {
    for (const DownloadStatus step : kSteps) TRY(db.run(kStep, download.id, text(step)));
  }
  TRY(db.run(kReclaim, download.id, now));
  if (download.model_pk) TRY(db.run(kModelIsDownloading, *download.model_pk));
  return {};
}

}  // namespace

Result<> require_local(sqlite::Connection& db, const Model& model) {
  if (model.is_local) return {};
  const auto held = TRY(db.one<std::int64_t>(kHoldsRevision, model.pk));
  if (held.value_or(0) > 0) {
    return conflict("The model " + model.name +
                    " was not imported or pushed here, so its files are not ours to change. Take "
                    "another name, or delete it first.");
  }
  const auto coming = TRY(db.one<std::int64_t>(kComesFromHub, model.pk));
  if (coming.value_or(0) == 0) return {};
  return conflict("The model " + model.name +
                  " is being downloaded. Take another name, or cancel the download first.");
}

Result<Download> begin_import(sqlite::Connection& db, const LocalAsking& asking,
                              const std::function<Result<>(std::int64_t download_id)>& take_lock,
                              Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  const Model model = TRY(find_or_create(db, asking, now));
  const auto unfinished = TRY(db.one<Download>(kJoinedSql<kSelect, kDownloadColumns, kUnfinished>,
                                               model.pk, asking.revision));
  if (unfinished && unfinished->source == Source::push) {
    return conflict("Someone is pushing to this model. Try again when that is done.");
  }
  std::int64_t id = 0;
  if (unfinished) {
    id = unfinished->id;
    TRY(take_lock(id));
    TRY(reopen(db, *unfinished, now));
  } else {
    const NewRow row{.status = DownloadStatus::downloading, .source = Source::import, .epoch = 1};
    id = TRY(insert_download(db, model, asking, row, now));
    TRY(take_lock(id));
  }
  Download download = TRY(find_download(db, id));
  TRY(writing.commit());
  return download;
}

Result<Download> begin_push(sqlite::Connection& db, const LocalAsking& asking,
                            const PushedRevision& pushed, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  const Model model = TRY(find_or_create(db, asking, now));
  auto unfinished = TRY(db.one<Download>(kJoinedSql<kSelect, kDownloadColumns, kUnfinished>,
                                         model.pk, asking.revision));
  // The same commit again, whose answer was lost.
  const bool is_same = unfinished && unfinished->commit == pushed.commit;
  if (is_same && is_active(unfinished->status)) return std::move(*unfinished);
  if (unfinished && is_active(unfinished->status)) {
    return conflict("Someone is changing this branch. Try again when that is done.");
  }
  const auto head = TRY(db.one<std::string>(kHead, model.pk, asking.revision));
  if (head.value_or(std::string()) != pushed.parent) {
    return fail(ErrorKind::conflict, codes::etag_mismatch,
                "The branch was changed meanwhile. Look at what it has now and commit again.");
  }
  NewRow row{.commit = pushed.commit};
  for (const PlannedFile& file : pushed.files) row.bytes += file.size_bytes;
  const std::int64_t id = TRY(insert_download(db, model, asking, row, now));
  int number = 0;
  for (const PlannedFile& file : pushed.files) {
    TRY(db.run(kInsertFile, id, ++number, file.path, file.size_bytes, file.sha256, file.git_oid,
               file.is_lfs));
  }
  Download download = TRY(find_download(db, id));
  TRY(writing.commit());
  return download;
}

Result<std::optional<Download>> claim_local(sqlite::Connection& db, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  auto claimed = TRY(db.one<Download>(kJoinedSql<kClaimLocal, kDownloadColumns>, now));
  TRY(writing.commit());
  return claimed;
}

Result<bool> has_local(sqlite::Connection& db, Time now) {
  const auto count = TRY(db.one<std::int64_t>(kHasLocal, now));
  return count.value_or(0) > 0;
}

bool is_git_file(std::int64_t size_bytes, std::string_view beginning) {
  constexpr std::int64_t kGitFileMax = 1 << 20;
  constexpr std::size_t kLookedAt = 512;  // As much as a client shows of a file.
  return size_bytes <= kGitFileMax &&
         beginning.substr(0, kLookedAt).find('\0') == std::string_view::npos;
}

std::string local_commit(std::string_view model_name, std::string_view parent,
                         const std::vector<PlannedFile>& files) {
  std::vector<const PlannedFile*> sorted;
  for (const PlannedFile& file : files) sorted.push_back(&file);
  std::sort(sorted.begin(), sorted.end(),
            [](const PlannedFile* a, const PlannedFile* b) { return a->path < b->path; });
  // Lengths before texts: no two lists of files are written alike.
  const auto field = [](std::string_view text) {
    return std::to_string(text.size()) + ':' + std::string(text);
  };
  Digest digest = Digest::sha1();
  digest.update("modelkeep revision 1\n" + field(model_name) + field(parent));
  for (const PlannedFile* file : sorted) {
    digest.update(field(file->path) + field(file->sha256) + field(file->git_oid));
  }
  return digest.finish_hex();
}

}  // namespace modelkeep::catalog
