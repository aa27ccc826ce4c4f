// What is to be taken off the mount, and which blobs nobody names.
#include "catalog/publish.h"
#include "catalog/sql_text.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kSelectRemoval =
    "SELECT id, kind, model_id, model_name, commit_hash, download_id FROM removals ";
constexpr std::string_view kInOrder = "ORDER BY id LIMIT ?1";
constexpr std::string_view kOfFolder = R"(
  WHERE kind IN ('model', 'revision') AND lower(model_id) = lower(?1) ORDER BY id)";
constexpr std::string_view kFinish = "DELETE FROM removals WHERE id = ?1";

// An unfinished download names the blobs of its plan before it looks whether they exist.
constexpr std::string_view kUnreferenced = R"(
  SELECT s.sha256 FROM sweep_candidates s
  WHERE NOT EXISTS (SELECT 1 FROM revision_files f WHERE f.sha256 = s.sha256)
    AND NOT EXISTS (SELECT 1 FROM download_files f JOIN downloads d ON d.id = f.download_id
                    WHERE f.sha256 = s.sha256 AND f.sha256 <> ''
                      AND d.status NOT IN ('ready', 'cancelled'))
  ORDER BY s.sha256 LIMIT ?1)";
constexpr std::string_view kNamedCandidates = R"(
  DELETE FROM sweep_candidates
  WHERE EXISTS (SELECT 1 FROM revision_files f WHERE f.sha256 = sweep_candidates.sha256)
     OR EXISTS (SELECT 1 FROM download_files f JOIN downloads d ON d.id = f.download_id
                WHERE f.sha256 = sweep_candidates.sha256 AND f.sha256 <> ''
                  AND d.status NOT IN ('ready', 'cancelled')))";
constexpr std::string_view kHasCandidates =
    "SELECT count(*) FROM (SELECT 1 FROM sweep_candidates LIMIT 1)";
constexpr std::string_view kForgetBlob = "DELETE FROM blobs WHERE sha256 = ?1";
constexpr std::string_view kForgetCandidate = "DELETE FROM sweep_candidates WHERE sha256 = ?1";
constexpr std::string_view kSuspect = "INSERT OR IGNORE INTO sweep_candidates (sha256) VALUES (?1)";

}  // namespace

void read_row(const sqlite::Row& row, Removal& removal) {
  row.read(removal.id, removal.kind, removal.model_id, removal.model_name, removal.commit,
           removal.download_id);
}

Result<std::vector<Removal>> pending_removals(sqlite::Connection& db, int limit) {
  return db.all<Removal>(kJoinedSql<kSelectRemoval, kInOrder>, limit);
}

Result<std::vector<Removal>> pending_removals_of(sqlite::Connection& db,
                                                 std::string_view model_id) {
  return db.all<Removal>(kJoinedSql<kSelectRemoval, kOfFolder>, model_id);
}

Result<> finish_removal(sqlite::Connection& db, std::int64_t id) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kFinish, id));
  return writing.commit();
}

Result<bool> has_sweep_candidates(sqlite::Connection& db) {
  const auto count = TRY(db.one<std::int64_t>(kHasCandidates));
  return count.value_or(0) > 0;
}

Result<std::vector<std::string>> unreferenced_blobs(sqlite::Connection& db, int limit) {
  return db.all<std::string>(kUnreferenced, limit);
}

Result<> forget_blobs(sqlite::Connection& db, const std::vector<std::string>& sha256s) {
  for (const std::string& sha256 : sha256s) {
    TRY(db.run(kForgetBlob, sha256));
    TRY(db.run(kForgetCandidate, sha256));
  }
  return {};
}

Result<> settle_candidates(sqlite::Connection& db) {
  return db.run(kNamedCandidates);
}

Result<> suspect_blob(sqlite::Connection& db, std::string_view sha256) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kSuspect, sha256));
  return writing.commit();
}

}  // namespace modelkeep::catalog
