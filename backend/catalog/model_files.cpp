// Files and revisions of a model.
#include "catalog/models.h"
#include "catalog/revisions.h"
#include "catalog/sql_text.h"
#include "sqlite/connection.h"

namespace modelkeep::catalog {

void read_row(const sqlite::Row& row, ModelFile& file) {
  std::int64_t verified_ms = 0;
  row.read(file.path, file.size_bytes, file.sha256, file.git_oid, verified_ms);
  if (verified_ms != 0) file.verified_at = Time{verified_ms};
}

void read_row(const sqlite::Row& row, Revision& revision) {
  std::string refs;
  row.read(revision.pk, revision.commit, revision.size_bytes, revision.file_count,
           revision.complete, revision.in_folder, revision.published_at, refs);
  revision.refs = split_lines(refs);
}

namespace {

constexpr std::string_view kSelectFile =
    "SELECT f.path, f.size_bytes, f.sha256, f.git_oid, f.verified_at FROM revision_files f ";
constexpr std::string_view kOfFolder = R"(
  JOIN revisions r ON r.pk = f.revision_pk AND r.in_folder = 1 WHERE r.model_pk = ?1 )";
constexpr std::string_view kOfRevision = "WHERE f.revision_pk = ?1 ";
constexpr std::string_view kAtPath = "AND f.path = ?2";
constexpr std::string_view kByPath = "ORDER BY f.path";

constexpr std::string_view kSelectRevision = R"(
  SELECT r.pk, r.commit_hash, r.size_bytes, r.file_count, r.complete, r.in_folder, r.published_at,
         coalesce((SELECT group_concat(name, char(10)) FROM refs WHERE revision_pk = r.pk), '')
  FROM revisions r WHERE r.model_pk = ?1 )";
constexpr std::string_view kShown = "AND r.in_folder = 1";
constexpr std::string_view kNewestFirst = "ORDER BY r.published_at DESC, r.pk DESC";
constexpr std::string_view kWithCommit = "AND r.commit_hash = ?2";
constexpr std::string_view kWithRef = R"(
  AND r.pk = (SELECT revision_pk FROM refs WHERE model_pk = ?1 AND name = ?2))";

}  // namespace

Result<std::vector<ModelFile>> model_files(sqlite::Connection& db, std::int64_t model_pk) {
  return db.all<ModelFile>(kJoinedSql<kSelectFile, kOfFolder, kByPath>, model_pk);
}

Result<std::vector<ModelFile>> revision_files(sqlite::Connection& db, std::int64_t revision_pk) {
  return db.all<ModelFile>(kJoinedSql<kSelectFile, kOfRevision, kByPath>, revision_pk);
}

Result<ModelFile> find_model_file(sqlite::Connection& db, std::int64_t model_pk,
                                  std::string_view path) {
  auto found = TRY(db.one<ModelFile>(kJoinedSql<kSelectFile, kOfFolder, kAtPath>, model_pk, path));
  if (!found) {
    return fail(ErrorKind::not_found, codes::file_not_found, "The model has no such file.");
  }
  return std::move(*found);
}

Result<std::vector<Revision>> model_revisions(sqlite::Connection& db, std::int64_t model_pk) {
  return db.all<Revision>(kJoinedSql<kSelectRevision, kNewestFirst>, model_pk);
}

Result<std::optional<Revision>> shown_revision(sqlite::Connection& db, std::int64_t model_pk) {
  return db.one<Revision>(kJoinedSql<kSelectRevision, kShown>, model_pk);
}

Result<std::optional<Revision>> find_revision(sqlite::Connection& db, std::int64_t model_pk,
                                              std::string_view ref_or_commit) {
  auto named =
      TRY(db.one<Revision>(kJoinedSql<kSelectRevision, kWithRef>, model_pk, ref_or_commit));
  if (named) return named;
  return db.one<Revision>(kJoinedSql<kSelectRevision, kWithCommit>, model_pk, ref_or_commit);
}

}  // namespace modelkeep::catalog
