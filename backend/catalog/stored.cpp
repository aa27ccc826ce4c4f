#include "catalog/stored.h"

#include "catalog/model_rows.h"
#include "catalog/sql_text.h"
#include "sqlite/connection.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kSelect =
    "SELECT m.pk, m.name, m.revision, m.created_at, m.is_local FROM models m ";
constexpr std::string_view kNamed = "WHERE m.name = ?1 AND ";
constexpr std::string_view kCalled = "WHERE m.canonical_name = ?1 AND ?1 <> '' AND ";
constexpr std::string_view kHolds =
    "EXISTS (SELECT 1 FROM revisions r WHERE r.model_pk = m.pk) ORDER BY m.pk LIMIT 1";

constexpr std::string_view kFile = R"(
  SELECT path, size_bytes, sha256, git_oid, verified_at FROM revision_files
  WHERE revision_pk = ?1 AND path = ?2)";

constexpr std::string_view kShown = R"(
  WHERE EXISTS (SELECT 1 FROM revisions r WHERE r.model_pk = m.pk AND r.in_folder = 1)
    AND (?1 = '' OR substr(m.name, 1, length(?1) + 1) = ?1 || '/')
  ORDER BY m.name)";

constexpr std::string_view kVersions = R"(
  SELECT m.pk, m.name, m.version FROM models m
  WHERE EXISTS (SELECT 1 FROM revisions r WHERE r.model_pk = m.pk) ORDER BY m.pk)";

}  // namespace

void read_row(const sqlite::Row& row, StoredModel& model) {
  row.read(model.pk, model.name, model.revision, model.created_at, model.is_local);
}

Result<std::optional<StoredModel>> find_stored_model(sqlite::Connection& db,
                                                     std::string_view name) {
  auto named = TRY(db.one<StoredModel>(kJoinedSql<kSelect, kNamed, kHolds>, name));
  if (named) return named;
  return db.one<StoredModel>(kJoinedSql<kSelect, kCalled, kHolds>, name);
}

void read_row(const sqlite::Row& row, StoredVersion& model) {
  row.read(model.pk, model.name, model.version);
}

Result<std::vector<StoredVersion>> stored_versions(sqlite::Connection& db) {
  return db.all<StoredVersion>(kVersions);
}

Result<std::optional<ModelFile>> find_revision_file(sqlite::Connection& db,
                                                    std::int64_t revision_pk,
                                                    std::string_view path) {
  return db.one<ModelFile>(kFile, revision_pk, path);
}

Result<std::vector<Model>> stored_models(sqlite::Connection& db, std::string_view author) {
  return db.all<Model>(kJoinedSql<kSelectModel, kFromModels, kShown>, author);
}

}  // namespace modelkeep::catalog
