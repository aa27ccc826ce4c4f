#include "catalog/publish.h"

#include "catalog/download_rows.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

struct Target {
  std::int64_t model_pk = 0;
  std::string model_id;
  std::string model_name;
  std::string revision;
  std::string commit;
  std::int64_t wanted_version = 0;
  std::int64_t planned_version = 0;
  bool in_folder = false;
  bool complete = false;
  std::string allow_patterns;
  std::string ignore_patterns;
  std::string source;
};

void read_row(const sqlite::Row& row, Target& target) {
  row.read(target.model_pk, target.model_id, target.model_name, target.revision, target.commit,
           target.wanted_version, target.planned_version, target.in_folder, target.complete,
           target.allow_patterns, target.ignore_patterns, target.source);
}

constexpr std::string_view kTarget = R"(
  SELECT model_pk, model_id, model_name, revision, commit_hash, wanted_version, planned_version,
         in_folder, complete, allow_patterns, ignore_patterns, source
  FROM downloads WHERE id = ?1 AND epoch = ?2 AND status = 'publishing' AND model_pk IS NOT NULL)";

constexpr std::string_view kIsComplete = "SELECT complete FROM downloads WHERE id = ?1";
constexpr std::string_view kLeaveFolder =
    "UPDATE revisions SET in_folder = 0 WHERE model_pk = ?1 AND in_folder = 1 AND commit_hash <> "
    "?2";
constexpr std::string_view kSaveRevision = R"(
  INSERT INTO revisions (model_pk, commit_hash, size_bytes, file_count, complete, allow_patterns,
                         ignore_patterns, in_folder, published_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
  ON CONFLICT (model_pk, commit_hash) DO UPDATE SET
    size_bytes = excluded.size_bytes, file_count = excluded.file_count,
    complete = excluded.complete,
    allow_patterns = excluded.allow_patterns, ignore_patterns = excluded.ignore_patterns,
    in_folder = max(in_folder, excluded.in_folder), published_at = excluded.published_at
  RETURNING pk)";
constexpr std::string_view kDropFiles = "DELETE FROM revision_files WHERE revision_pk = ?1";
constexpr std::string_view kAddBlob =
    "INSERT OR IGNORE INTO blobs (sha256, size_bytes, created_at) VALUES (?1, ?2, ?3)";
constexpr std::string_view kAddFile = R"(
  INSERT INTO revision_files (revision_pk, path, sha256, size_bytes, git_oid, verified_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6))";
constexpr std::string_view kSetRef = R"(
  INSERT INTO refs (model_pk, name, revision_pk, resolved_at) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (model_pk, name) DO UPDATE SET revision_pk = excluded.revision_pk,
    resolved_at = excluded.resolved_at)";

// A revision without a commit has no name for a folder of its own.
constexpr std::string_view kDropNameless =
    "DELETE FROM revisions WHERE model_pk = ?1 AND in_folder = 0 AND commit_hash = ''";

// Someone deleted this very revision after its folder was swapped in: what stands there now stays.
constexpr std::string_view kKeepFolder =
    "DELETE FROM removals WHERE kind = 'revision' AND model_id = ?1 AND commit_hash = ?2";

constexpr std::string_view kModelReady = R"(
  UPDATE models SET status = iif(status = 'archived', 'archived', 'ready'), integrity = ?2,
         complete = ?3, revision = ?4, commit_hash = ?5, size_bytes = ?6, name_assumed = 0,
         downloaded_at = iif(downloaded_at = 0, ?7, downloaded_at), newer_commit = '',
         newer_seen_at = 0, is_local = ?8, version = version + 1
  WHERE pk = ?1)";

constexpr std::string_view kDownloadReady = R"(
  UPDATE downloads SET status = 'ready', finished_at = ?2, bytes_done = bytes_total,
         wait_reason = '', bytes_per_second = 0, eta_seconds = NULL, error = '', error_code = ''
  WHERE id = ?1)";
constexpr std::string_view kFilesReady = R"(
  UPDATE download_files SET status = 'ready', bytes_done = size_bytes, checkpoint_bytes = size_bytes
  WHERE download_id = ?1)";

Result<Target> find_target(sqlite::Connection& db, const Claim& claim) {
  auto target = TRY(db.one<Target>(kTarget, claim.download_id, claim.epoch));
  if (!target) {
    return fail(ErrorKind::conflict, codes::claim_lost,
                "The download was paused, cancelled or taken over meanwhile.");
  }
  if (target->planned_version != target->wanted_version) {
    return fail(ErrorKind::conflict, codes::plan_stale, "More files were asked for meanwhile.");
  }
  return std::move(*target);
}

/// The revision with its blobs and files. Its pk.
Result<std::int64_t> save_revision(sqlite::Connection& db, const Target& target,
                                   const Published& published, std::int64_t size_bytes, Time now) {
  if (target.in_folder) {
    TRY(db.run(kLeaveFolder, target.model_pk, target.commit));
    TRY(db.run(kDropNameless, target.model_pk));
  }
  const auto saved = TRY(db.one<std::int64_t>(
      kSaveRevision, target.model_pk, target.commit, size_bytes, published.files.size(),
      target.complete, target.allow_patterns, target.ignore_patterns, target.in_folder, now));
  const std::int64_t revision_pk = saved.value_or(0);
  TRY(db.run(kDropFiles, revision_pk));
  for (const PublishedFile& file : published.files) {
    TRY(db.run(kAddBlob, file.sha256, file.size_bytes, now));
    TRY(db.run(kAddFile, revision_pk, file.path, file.sha256, file.size_bytes, file.git_oid,
               file.verified_at.value_or(Time{})));
  }
  return revision_pk;
}

}  // namespace

Result<> publish(sqlite::Connection& db, const Claim& claim, const Published& published, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  const Target target = TRY(find_target(db, claim));
  std::int64_t size_bytes = 0;
  for (const PublishedFile& file : published.files) size_bytes += file.size_bytes;
  const std::int64_t revision_pk = TRY(save_revision(db, target, published, size_bytes, now));
  if (target.revision != target.commit) {
    TRY(db.run(kSetRef, target.model_pk, target.revision, revision_pk, now));
  }
  if (!target.in_folder) TRY(db.run(kKeepFolder, target.model_id, target.commit));
  TRY(db.run(kDownloadReady, claim.download_id, now));
  TRY(db.run(kFilesReady, claim.download_id));
  if (target.in_folder) {
    TRY(db.run(kModelReady, target.model_pk, text(published.integrity), target.complete,
               target.revision, target.commit, size_bytes, now, target.source != "upstream"));
  }
  return writing.commit();
}

Result<bool> plan_is_complete(sqlite::Connection& db, std::int64_t download_id) {
  const auto complete = TRY(db.one<std::int64_t>(kIsComplete, download_id));
  return complete.value_or(0) != 0;
}

}  // namespace modelkeep::catalog
