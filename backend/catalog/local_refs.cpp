#include "catalog/local_refs.h"

#include "catalog/local_models.h"
#include "catalog/names.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kRefs = R"(
  SELECT f.name, r.commit_hash, f.is_tag FROM refs f JOIN revisions r ON r.pk = f.revision_pk
  WHERE f.model_pk = ?1 ORDER BY f.name <> 'main', f.name)";
constexpr std::string_view kAdd = R"(
  INSERT OR IGNORE INTO refs (model_pk, name, revision_pk, resolved_at, is_tag)
  VALUES (?1, ?2, ?3, ?4, ?5))";
constexpr std::string_view kRemove =
    "DELETE FROM refs WHERE model_pk = ?1 AND name = ?2 AND is_tag = ?3";

Result<Model> find_own(sqlite::Connection& db, std::string_view name) {
  auto model = TRY(find_model_named(db, name));
  if (!model) return fail(ErrorKind::not_found, codes::model_not_found, "Repository not found");
  TRY(require_local(db, *model));
  return std::move(*model);
}

tl::unexpected<Error> unknown_revision() {
  return fail(ErrorKind::not_found, codes::revision_not_found, "There is no such revision.");
}

}  // namespace

void read_row(const sqlite::Row& row, Ref& ref) {
  row.read(ref.name, ref.commit, ref.is_tag);
}

Result<std::vector<Ref>> model_refs(sqlite::Connection& db, std::int64_t model_pk) {
  return db.all<Ref>(kRefs, model_pk);
}

Result<> add_ref(sqlite::Connection& db, std::string_view model_name, const Ref& ref,
                 std::string_view from, Time now) {
  TRY(check_revision(ref.name));
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  const Model model = TRY(find_own(db, model_name));
  const auto revision = TRY(find_revision(db, model.pk, from));
  if (!revision) return unknown_revision();
  TRY(db.run(kAdd, model.pk, ref.name, revision->pk, now, ref.is_tag));
  if (db.changes() == 0) {
    return fail(ErrorKind::conflict, codes::ref_exists,
                "There is a branch or a tag of this name already.");
  }
  return writing.commit();
}

Result<> remove_ref(sqlite::Connection& db, std::string_view model_name, std::string_view name,
                    bool is_tag) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  const Model model = TRY(find_own(db, model_name));
  if (!is_tag && name == model.revision) {
    return fail(ErrorKind::conflict, codes::state_conflict,
                "The model's folder shows this branch, so it stays.");
  }
  TRY(db.run(kRemove, model.pk, name, is_tag));
  if (db.changes() == 0) return unknown_revision();
  return writing.commit();
}

}  // namespace modelkeep::catalog
