#pragma once
// From rows to a repo. Only this room includes it.
#include <optional>
#include <string_view>

#include "sqlite/connection.h"
#include "view/repo.h"
#include "view/show.h"

namespace modelkeep::view {

/// nullopt when no revision of such a model is ready, or no client could ask for its name.
Result<std::optional<Repo>> repo_of(sqlite::Connection& db, std::string_view model_name);

/// The same with one more revision, which the rows do not call ready yet.
Result<Repo> repo_with(sqlite::Connection& db, std::string_view model_name, const Coming& coming);

}  // namespace modelkeep::view
