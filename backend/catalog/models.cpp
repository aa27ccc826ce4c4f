#include "catalog/models.h"

#include "catalog/model_rows.h"
#include "catalog/sql_text.h"
#include "sqlite/connection.h"

namespace modelkeep::catalog {
namespace {

std::optional<Time> time_or_none(std::int64_t ms) {
  if (ms == 0) return std::nullopt;
  return Time{ms};
}

constexpr std::string_view kWhereId = "WHERE m.id = ?1";
constexpr std::string_view kWhereName = "WHERE m.name = ?1";
constexpr std::string_view kWherePk = "WHERE m.pk = ?1";

}  // namespace

void read_row(const sqlite::Row& row, Model& model) {
  std::string status;
  std::string integrity;
  std::string tags;
  std::int64_t downloaded_ms = 0;
  std::int64_t last_used_ms = 0;
  std::int64_t newer_seen_ms = 0;
  row.read(model.pk, model.id, model.name, model.name_assumed, model.canonical_name, status,
           integrity, model.complete, model.revision, model.commit, model.size_bytes,
           model.description, tags, model.pinned, model.task, model.license, model.library,
           model.format, model.gated, model.first_downloaded_by, model.first_downloaded_from,
           model.created_at, downloaded_ms, model.version, model.newer_commit, newer_seen_ms,
           model.is_local, model.stats.download_count, model.stats.access_count,
           model.stats.total_requests, model.stats.unique_users, last_used_ms);
  model.status = parse_model_status(status).value_or(ModelStatus::failed);
  model.integrity = parse_integrity(integrity).value_or(Integrity::unverified);
  model.tags = split_lines(tags);
  model.downloaded_at = time_or_none(downloaded_ms);
  model.newer_seen_at = time_or_none(newer_seen_ms);
  model.stats.last_used_at = time_or_none(last_used_ms);
}

void read_row(const sqlite::Row& row, ModelUse& use) {
  std::int64_t last_used_ms = 0;
  row.read(use.pk, use.version, use.stats.download_count, use.stats.access_count,
           use.stats.total_requests, use.stats.unique_users, last_used_ms);
  use.stats.last_used_at = time_or_none(last_used_ms);
}

Result<ModelUse> find_model_use(sqlite::Connection& db, std::string_view id) {
  const auto found = TRY(db.one<ModelUse>(kJoinedSql<kSelectUse, kFromModels, kWhereId>, id));
  if (!found) return model_missing();
  return *found;
}

Result<Model> find_model(sqlite::Connection& db, std::string_view id) {
  auto found = TRY(db.one<Model>(kJoinedSql<kSelectModel, kFromModels, kWhereId>, id));
  if (!found) return model_missing();
  return std::move(*found);
}

Result<std::optional<Model>> find_model_named(sqlite::Connection& db, std::string_view name) {
  return db.one<Model>(kJoinedSql<kSelectModel, kFromModels, kWhereName>, name);
}

Result<Model> find_model_by_pk(sqlite::Connection& db, std::int64_t pk) {
  auto found = TRY(db.one<Model>(kJoinedSql<kSelectModel, kFromModels, kWherePk>, pk));
  if (!found) return model_missing();
  return std::move(*found);
}

}  // namespace modelkeep::catalog
