#include "catalog/queue.h"

#include "catalog/download_rows.h"
#include "catalog/model_search.h"
#include "catalog/sql_text.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

// A claim is one statement, so two fetchers cannot take the same row.
constexpr std::string_view kClaimNextQueued = R"(
  UPDATE downloads SET status = 'resolving', plans_ahead = 0, epoch = epoch + 1,
         attempts = attempts + 1,
         claimed_at = ?1, wait_reason = '', not_before = 0, error = '', error_code = ''
  WHERE id = (SELECT id FROM downloads WHERE status = 'queued' AND not_before <= ?1
                AND source = 'upstream' AND streams = 0
              ORDER BY priority DESC, position, id LIMIT 1)
  RETURNING )";
constexpr std::string_view kClaimUnplanned = R"(
  UPDATE downloads SET status = 'resolving', plans_ahead = 1, epoch = epoch + 1, claimed_at = ?1,
         wait_reason = '', not_before = 0, error = '', error_code = ''
  WHERE id = (SELECT id FROM downloads WHERE status = 'queued' AND not_before <= ?1
                AND planned_version < wanted_version AND source = 'upstream' AND streams = 0
              ORDER BY priority DESC, position, id LIMIT 1)
  RETURNING )";
constexpr std::string_view kHasUnplanned =
    "SELECT count(*) FROM (SELECT 1 FROM downloads WHERE status = 'queued' AND not_before <= ?1 "
    "AND planned_version < wanted_version AND source = 'upstream' AND streams = 0 LIMIT 1)";
constexpr std::string_view kHasClaimable =
    "SELECT count(*) FROM (SELECT 1 FROM downloads WHERE status = 'queued' AND not_before <= ?1 "
    "AND source = 'upstream' AND streams = 0 LIMIT 1)";

// By the index of those alone: this is asked twenty times a second.
constexpr std::string_view kClaimStreaming = R"(
  UPDATE downloads SET status = 'resolving', plans_ahead = 0, epoch = epoch + 1,
         attempts = attempts + 1,
         claimed_at = ?1, wait_reason = '', not_before = 0, error = '', error_code = ''
  WHERE id = (SELECT id FROM downloads WHERE status = 'queued' AND streams = 1
                AND not_before <= ?1 ORDER BY position, id LIMIT 1)
  RETURNING )";
constexpr std::string_view kHasStreaming =
    "SELECT count(*) FROM (SELECT 1 FROM downloads WHERE status = 'queued' AND streams = 1 "
    "AND not_before <= ?1 LIMIT 1)";
constexpr std::string_view kWantedVersion = "SELECT wanted_version FROM downloads WHERE id = ?1";
constexpr std::string_view kWantedFiles =
    "SELECT number FROM download_files WHERE download_id = ?1 AND wanted = 1 ORDER BY number";

constexpr std::string_view kRunning = R"(
  SELECT id, epoch FROM downloads
  WHERE status IN ('resolving', 'downloading', 'verifying', 'publishing') ORDER BY id)";

constexpr std::string_view kRequeue = R"(
  UPDATE downloads SET status = 'queued', bytes_per_second = 0, eta_seconds = NULL )";

constexpr std::string_view kCheckClaim = R"(
  SELECT count(*) FROM downloads )";

constexpr std::string_view kMoveTo = R"(
  UPDATE downloads SET status = ?3 )";

constexpr std::string_view kSaveCommit = R"(
  UPDATE downloads SET commit_hash = ?3 )";
// The facts of another revision than the folder's do not describe the model.
constexpr std::string_view kSaveFacts = R"(
  UPDATE models SET canonical_name = ?2, task = ?3, license = ?4, library = ?5,
         format = ?6, gated = ?7, version = version + 1
  WHERE pk = (SELECT model_pk FROM downloads WHERE id = ?1 AND in_folder = 1)
  RETURNING pk)";

constexpr std::string_view kWait = R"(
  UPDATE downloads SET status = 'queued', wait_reason = ?3, not_before = ?4, stalled_tries = ?5,
         error = ?6,
         attempts = attempts - (?3 = 'disk_full' AND attempts > 0),
         bytes_per_second = 0, eta_seconds = NULL )";

constexpr std::string_view kFail = R"(
  UPDATE downloads SET status = 'failed', error = ?3, error_code = ?4, finished_at = ?5,
         bytes_per_second = 0, eta_seconds = NULL )";
constexpr std::string_view kFailModel = R"(
  UPDATE models SET status = 'failed', version = version + 1
  WHERE pk = (SELECT model_pk FROM downloads WHERE id = ?1) AND status = 'downloading'
    AND NOT EXISTS (SELECT 1 FROM downloads d WHERE d.model_pk = models.pk
      AND d.status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing',
                       'paused')))";

}  // namespace

void read_row(const sqlite::Row& row, Claim& claim) {
  row.read(claim.download_id, claim.epoch);
}

Result<> require_claimed(const sqlite::Connection& db) {
  if (db.changes() > 0) return {};
  return fail(ErrorKind::conflict, codes::claim_lost,
              "The download was paused, cancelled or taken over meanwhile.");
}

Result<std::optional<Download>> claim_next_queued(sqlite::Connection& db, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  auto claimed = TRY(db.one<Download>(kJoinedSql<kClaimNextQueued, kDownloadColumns>, now));
  TRY(writing.commit());
  return claimed;
}

Result<std::optional<Download>> claim_streaming(sqlite::Connection& db, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  auto claimed = TRY(db.one<Download>(kJoinedSql<kClaimStreaming, kDownloadColumns>, now));
  TRY(writing.commit());
  return claimed;
}

Result<bool> has_streaming(sqlite::Connection& db, Time now) {
  const auto count = TRY(db.one<std::int64_t>(kHasStreaming, now));
  return count.value_or(0) > 0;
}

Result<std::int64_t> wanted_version(sqlite::Connection& db, std::int64_t download_id) {
  const auto version = TRY(db.one<std::int64_t>(kWantedVersion, download_id));
  return version.value_or(0);
}

Result<std::vector<std::int64_t>> wanted_files(sqlite::Connection& db, std::int64_t download_id) {
  return db.all<std::int64_t>(kWantedFiles, download_id);
}

Result<std::optional<Download>> claim_unplanned(sqlite::Connection& db, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  auto claimed = TRY(db.one<Download>(kJoinedSql<kClaimUnplanned, kDownloadColumns>, now));
  TRY(writing.commit());
  return claimed;
}

Result<bool> has_unplanned(sqlite::Connection& db, Time now) {
  const auto count = TRY(db.one<std::int64_t>(kHasUnplanned, now));
  return count.value_or(0) > 0;
}

Result<bool> has_claimable(sqlite::Connection& db, Time now) {
  const auto count = TRY(db.one<std::int64_t>(kHasClaimable, now));
  return count.value_or(0) > 0;
}

Result<std::vector<Claim>> running_downloads(sqlite::Connection& db) {
  return db.all<Claim>(kRunning);
}

Result<bool> requeue(sqlite::Connection& db, const Claim& claim) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kJoinedSql<kRequeue, kWhereClaimed>, claim.download_id, claim.epoch));
  const bool moved = db.changes() > 0;
  TRY(writing.commit());
  return moved;
}

Result<> check_claim(sqlite::Connection& db, const Claim& claim) {
  const auto ours = TRY(
      db.one<std::int64_t>(kJoinedSql<kCheckClaim, kWhereClaimed>, claim.download_id, claim.epoch));
  if (ours.value_or(0) > 0) return {};
  return fail(ErrorKind::conflict, codes::claim_lost,
              "The download was paused, cancelled or taken over meanwhile.");
}

Result<> move_to(sqlite::Connection& db, const Claim& claim, DownloadStatus status) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kJoinedSql<kMoveTo, kWhereClaimed>, claim.download_id, claim.epoch, text(status)));
  TRY(require_claimed(db));
  return writing.commit();
}

Result<> save_facts(sqlite::Connection& db, const Claim& claim, const ModelFacts& facts) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kJoinedSql<kSaveCommit, kWhereClaimed>, claim.download_id, claim.epoch, facts.commit));
  TRY(require_claimed(db));
  const auto model_pk =
      TRY(db.one<std::int64_t>(kSaveFacts, claim.download_id, facts.canonical_name, facts.task,
                               facts.license, facts.library, facts.format, facts.gated));
  if (model_pk) TRY(index_model(db, *model_pk));
  return writing.commit();
}

Result<> wait_for(sqlite::Connection& db, const Claim& claim, WaitReason reason, Time not_before,
                  int stalled_tries, std::string_view cause) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kJoinedSql<kWait, kWhereClaimed>, claim.download_id, claim.epoch, text(reason),
             not_before, stalled_tries, cause));
  TRY(require_claimed(db));
  return writing.commit();
}

Result<> fail_download(sqlite::Connection& db, const Claim& claim, const Error& error, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kJoinedSql<kFail, kWhereClaimed>, claim.download_id, claim.epoch, error.message,
             error.code, now));
  TRY(require_claimed(db));
  TRY(db.run(kFailModel, claim.download_id));
  return writing.commit();
}

}  // namespace modelkeep::catalog
