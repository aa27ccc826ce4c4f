// The file rows of a download: what is to be fetched, how far each file is.
#include <algorithm>
#include <unordered_map>

#include "catalog/download_rows.h"
#include "catalog/queue.h"
#include "catalog/sql_text.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kSavePlan = R"(
  UPDATE downloads SET planned_version = ?3, complete = ?4, bytes_total = ?5, bytes_done = ?6 )";
constexpr std::string_view kDropFile =
    "DELETE FROM download_files WHERE download_id = ?1 AND number = ?2";
constexpr std::string_view kAddFile = R"(
  INSERT INTO download_files (download_id, number, path, size_bytes, sha256, git_oid, is_lfs)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))";

constexpr std::string_view kBlobExists = "SELECT count(*) FROM blobs WHERE sha256 = ?1";
constexpr std::string_view kBlobOfGitOid = R"(
  SELECT f.sha256, f.size_bytes FROM revision_files f
  WHERE f.git_oid = ?1 AND f.git_oid <> '' AND f.size_bytes = ?2 LIMIT 1)";

constexpr std::string_view kTouch = R"(
  UPDATE downloads SET bytes_done = ?3, bytes_per_second = ?4, eta_seconds = ?5,
         stalled_tries = coalesce(?6, stalled_tries) )";
constexpr std::string_view kFileProgress = R"(
  UPDATE download_files SET bytes_done = ?3, checkpoint_bytes = coalesce(?4, checkpoint_bytes),
         etag = coalesce(?5, etag), status = coalesce(?6, status)
  WHERE download_id = ?1 AND number = ?2)";

constexpr std::string_view kSaveDigest = R"(
  UPDATE download_files SET sha256 = ?4, git_oid = iif(?5 = '', git_oid, ?5)
  WHERE download_id = ?1 AND number = ?3
    AND EXISTS (SELECT 1 FROM downloads WHERE id = ?1 AND epoch = ?2
                AND status IN ('resolving', 'downloading', 'verifying', 'publishing')))";

/// The content is the same, so what was fetched of it stays good.
bool is_same_file(const DownloadFile& before, const PlannedFile& planned) {
  if (before.size_bytes != planned.size_bytes || before.is_lfs != planned.is_lfs) return false;
  return planned.is_lfs ? before.sha256 == planned.sha256 : before.git_oid == planned.git_oid;
}

}  // namespace

Result<std::vector<DownloadFile>> save_plan(sqlite::Connection& db, const Claim& claim,
                                            const Plan& plan) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  std::unordered_map<std::string, DownloadFile> earlier;
  int number = 0;
  for (DownloadFile& file : TRY(download_files(db, claim.download_id))) {
    number = std::max(number, file.number);
    earlier.emplace(file.path, std::move(file));
  }
  std::vector<const PlannedFile*> fresh;
  std::int64_t bytes_total = 0;
  std::int64_t bytes_done = 0;
  for (const PlannedFile& file : plan.files) {
    bytes_total += file.size_bytes;
    const auto found = earlier.find(file.path);
    if (found != earlier.end() && is_same_file(found->second, file)) {
      bytes_done += found->second.bytes_done;
      earlier.erase(found);
    } else {
      fresh.push_back(&file);
    }
  }
  TRY(db.run(kJoinedSql<kSavePlan, kWhereClaimed>, claim.download_id, claim.epoch,
             plan.wanted_version, plan.complete, bytes_total, bytes_done));
  TRY(require_claimed(db));
  for (const auto& [path, file] : earlier) TRY(db.run(kDropFile, claim.download_id, file.number));
  for (const PlannedFile* file : fresh) {
    TRY(db.run(kAddFile, claim.download_id, ++number, file->path, file->size_bytes, file->sha256,
               file->git_oid, file->is_lfs));
  }
  auto files = TRY(download_files(db, claim.download_id));
  TRY(writing.commit());
  return files;
}

Result<bool> blob_exists(sqlite::Connection& db, std::string_view sha256) {
  const auto count = TRY(db.one<std::int64_t>(kBlobExists, sha256));
  return count.value_or(0) > 0;
}

void read_row(const sqlite::Row& row, KnownBlob& blob) {
  row.read(blob.sha256, blob.size_bytes);
}

Result<std::optional<KnownBlob>> blob_of_git_oid(sqlite::Connection& db, std::string_view git_oid,
                                                 std::int64_t size_bytes) {
  if (git_oid.empty()) return std::optional<KnownBlob>{};
  return db.one<KnownBlob>(kBlobOfGitOid, git_oid, size_bytes);
}

Result<> save_progress(sqlite::Connection& db, const Claim& claim, const Progress& progress) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kJoinedSql<kTouch, kWhereClaimed>, claim.download_id, claim.epoch, progress.bytes_done,
             progress.bytes_per_second, progress.eta_seconds, progress.stalled_tries));
  TRY(require_claimed(db));
  for (const FileProgress& file : progress.files) {
    std::optional<std::string_view> status;
    if (file.status) status = text(*file.status);
    TRY(db.run(kFileProgress, claim.download_id, file.number, file.bytes_done,
               file.checkpoint_bytes, file.etag, status));
  }
  return writing.commit();
}

Result<> save_digests(sqlite::Connection& db, const Claim& claim,
                      const std::vector<FileDigest>& digests) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  for (const FileDigest& file : digests) {
    TRY(db.run(kSaveDigest, claim.download_id, claim.epoch, file.number, file.sha256,
               file.git_oid));
    TRY(require_claimed(db));
  }
  return writing.commit();
}

}  // namespace modelkeep::catalog
