#include "catalog/adoption.h"

#include "base/text.h"
#include "catalog/model_search.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kInsertModel = R"(
  INSERT INTO models (id, name, name_assumed, status, integrity, complete, size_bytes, description,
                      tags, first_downloaded_by, first_downloaded_from, created_at, downloaded_at)
  VALUES (?1, ?2, ?3, ?4, 'unverified', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12))";
// Asked for before anyone looked at the folder; nothing of it is ready yet.
constexpr std::string_view kTakeOver = R"(
  UPDATE models SET status = 'ready', integrity = 'unverified', size_bytes = ?2,
         version = version + 1
  WHERE lower(id) = lower(?1) AND NOT EXISTS (SELECT 1 FROM revisions WHERE model_pk = models.pk)
  RETURNING pk)";
constexpr std::string_view kInsertRevision = R"(
  INSERT INTO revisions (model_pk, commit_hash, size_bytes, file_count, complete, in_folder,
                         published_at)
  VALUES (?1, '', ?2, ?3, ?4, 1, ?5))";
constexpr std::string_view kInsertRef = R"(
  INSERT INTO refs (model_pk, name, revision_pk, resolved_at) VALUES (?1, 'main', ?2, ?3))";
constexpr std::string_view kInsertBlob =
    "INSERT OR IGNORE INTO blobs (sha256, size_bytes, created_at) VALUES (?1, ?2, ?3)";
constexpr std::string_view kInsertFile = R"(
  INSERT INTO revision_files (revision_pk, path, sha256, size_bytes, git_oid)
  VALUES (?1, ?2, ?3, ?4, ?5))";

constexpr std::string_view kIds =
    "SELECT id FROM models m WHERE EXISTS (SELECT 1 FROM revisions r WHERE r.model_pk = m.pk)";
constexpr std::string_view kPks = "SELECT id, pk FROM models";

constexpr std::string_view kRaiseCounts = R"(
  UPDATE model_counters SET
    download_count = max(download_count, ?2), access_count = max(access_count, ?3),
    total_requests = max(download_count, ?2) + max(access_count, ?3)
  WHERE model_pk = ?1)";
constexpr std::string_view kRaiseRank = R"(
  UPDATE model_ranks SET total_requests =
    (SELECT total_requests FROM model_counters c WHERE c.model_pk = ?1)
  WHERE model_pk = ?1)";

}  // namespace

namespace {

Result<std::int64_t> save_model(sqlite::Connection& db, const AdoptedModel& model,
                                std::int64_t size_bytes, Time now) {
  const auto asked_for = TRY(db.one<std::int64_t>(kTakeOver, model.id, size_bytes));
  if (asked_for) return *asked_for;
  const ModelStatus status = model.archived ? ModelStatus::archived : ModelStatus::ready;
  TRY(db.run(kInsertModel, model.id, model.name, model.name_assumed, text(status), model.complete,
             size_bytes, model.description, join_lines(model.tags), model.first_downloaded_by,
             model.first_downloaded_from, now, model.downloaded_at.value_or(now)));
  const std::int64_t pk = db.last_insert_id();
  TRY(index_model(db, pk));
  return pk;
}

}  // namespace

Result<std::int64_t> insert_adopted(sqlite::Connection& db, const AdoptedModel& model, Time now) {
  std::int64_t size_bytes = 0;
  for (const PublishedFile& file : model.files) size_bytes += file.size_bytes;
  const std::int64_t pk = TRY(save_model(db, model, size_bytes, now));
  TRY(db.run(kInsertRevision, pk, size_bytes, model.files.size(), model.complete, now));
  const std::int64_t revision_pk = db.last_insert_id();
  TRY(db.run(kInsertRef, pk, revision_pk, now));
  for (const PublishedFile& file : model.files) {
    TRY(db.run(kInsertBlob, file.sha256, file.size_bytes, now));
    TRY(db.run(kInsertFile, revision_pk, file.path, file.sha256, file.size_bytes, file.git_oid));
  }
  return pk;
}

Result<std::vector<std::string>> known_model_ids(sqlite::Connection& db) {
  return db.all<std::string>(kIds);
}

Result<std::unordered_map<std::string, std::int64_t>> model_pks(sqlite::Connection& db) {
  std::unordered_map<std::string, std::int64_t> pks;
  TRY(db.each(kPks, [&pks](const sqlite::Row& row) {
    pks.emplace(lower_ascii(row.text(0)), row.integer(1));
  }));
  return pks;
}

Result<> raise_counts(sqlite::Connection& db, std::int64_t model_pk, std::int64_t download_count,
                      std::int64_t access_count) {
  TRY(db.run(kRaiseCounts, model_pk, download_count, access_count));
  return db.run(kRaiseRank, model_pk);
}

}  // namespace modelkeep::catalog
