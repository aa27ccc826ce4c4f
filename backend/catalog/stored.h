#pragma once
// What is stored, as the hub door looks for it: by repo name, revision and path, in narrow reads.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/models.h"

namespace modelkeep::catalog {

/// A model that holds at least one revision.
struct StoredModel {
  std::int64_t pk = 0;
  std::string name;
  std::string revision;  ///< What the folder's revision was asked for as.
  Time created_at;
  bool is_local = false;  ///< Imported or pushed: no hub has it.
};
void read_row(const sqlite::Row& row, StoredModel& model);

/// By its name, else by what upstream calls it.
Result<std::optional<StoredModel>> find_stored_model(sqlite::Connection& db, std::string_view name);

Result<std::optional<ModelFile>> find_revision_file(sqlite::Connection& db,
                                                    std::int64_t revision_pk,
                                                    std::string_view path);

/// Every model with a revision in its folder, by name; of one namespace where `author` is not
/// empty.
Result<std::vector<Model>> stored_models(sqlite::Connection& db, std::string_view author);

/// A model with a revision, and the version of all that is said of it.
struct StoredVersion {
  std::int64_t pk = 0;
  std::string name;
  std::int64_t version = 0;
};
void read_row(const sqlite::Row& row, StoredVersion& model);
Result<std::vector<StoredVersion>> stored_versions(sqlite::Connection& db);

}  // namespace modelkeep::catalog
