// What people change on a model, and its end.
#include "catalog/download_rows.h"
#include "catalog/model_rows.h"
#include "catalog/model_search.h"
#include "catalog/models.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

bool is_settled(ModelStatus status) {
  return status == ModelStatus::ready || status == ModelStatus::archived;
}

Result<> require_allowed(const Model& model, const ModelChange& change) {
  if (change.if_version && *change.if_version != model.version) {
    return fail(ErrorKind::conflict, codes::etag_mismatch,
                "The model was changed meanwhile. Read it again.");
  }
  if (!change.status) return {};
  if (!is_settled(*change.status)) {
    return fail(ErrorKind::invalid, codes::field_invalid,
                "status can be set to ready or archived.");
  }
  if (!is_settled(model.status)) {
    return fail(ErrorKind::conflict, codes::state_conflict,
                "The status can change once the model is ready.");
  }
  return {};
}

constexpr std::string_view kUpdateModel = R"(
  UPDATE models SET status = ?2, description = ?3, tags = ?4, pinned = ?5, version = version + 1
  WHERE pk = ?1)";

constexpr std::string_view kShownFolders = R"(
  SELECT m.pk, m.id, m.integrity FROM models m JOIN revisions r ON r.model_pk = m.pk
  WHERE r.in_folder = 1 ORDER BY m.pk)";
constexpr std::string_view kSetIntegrity = R"(
  UPDATE models SET integrity = ?2, version = version + 1 WHERE pk = ?1 AND integrity <> ?2)";

}  // namespace

Result<Model> update_model(sqlite::Connection& db, std::string_view id, const ModelChange& change) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  Model model = TRY(find_model(db, id));
  TRY(require_allowed(model, change));
  model.status = change.status.value_or(model.status);
  model.description = change.description.value_or(model.description);
  model.tags = change.tags.value_or(model.tags);
  model.pinned = change.pinned.value_or(model.pinned);
  TRY(db.run(kUpdateModel, model.pk, text(model.status), model.description, join_lines(model.tags),
             model.pinned));
  TRY(index_model(db, model.pk));
  model = TRY(find_model_by_pk(db, model.pk));
  TRY(writing.commit());
  return model;
}

Result<Model> delete_model(sqlite::Connection& db, std::string_view id, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  Model model = TRY(find_model(db, id));
  TRY(remove_model_rows(db, model, now));
  TRY(writing.commit());
  return model;
}

void read_row(const sqlite::Row& row, ShownFolder& folder) {
  std::string integrity;
  row.read(folder.model_pk, folder.model_id, integrity);
  folder.integrity = parse_integrity(integrity).value_or(Integrity::unverified);
}

Result<std::vector<ShownFolder>> shown_folders(sqlite::Connection& db) {
  return db.all<ShownFolder>(kShownFolders);
}

Result<> set_integrity(sqlite::Connection& db, std::int64_t model_pk, Integrity integrity) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kSetIntegrity, model_pk, text(integrity)));
  return writing.commit();
}

}  // namespace modelkeep::catalog
