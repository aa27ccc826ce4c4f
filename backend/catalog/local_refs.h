#pragma once
// Branches and tags of models that are pushed to. Each call is its own write transaction and
// changes nothing of a model that a hub has (state_conflict).
#include <string>
#include <string_view>
#include <vector>

#include "catalog/models.h"

namespace modelkeep::catalog {

struct Ref {
  std::string name;
  std::string commit;
  bool is_tag = false;
};
void read_row(const sqlite::Row& row, Ref& ref);

/// By name; `main` first.
Result<std::vector<Ref>> model_refs(sqlite::Connection& db, std::int64_t model_pk);

/// `from` is a branch, a tag or a commit that is held: else revision_not_found. ref_exists.
Result<> add_ref(sqlite::Connection& db, std::string_view model_name, const Ref& ref,
                 std::string_view from, Time now);
/// revision_not_found; state_conflict for the branch that the folder shows. What it named stays
/// until someone removes that revision.
Result<> remove_ref(sqlite::Connection& db, std::string_view model_name, std::string_view name,
                    bool is_tag);

}  // namespace modelkeep::catalog
