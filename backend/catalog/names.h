#pragma once
// What names look like: repo names, ids, revisions, file paths. Pure; whoever takes one from a
// client or from an upstream hub checks it here before it reaches a statement, a path or a URL.
#include <string_view>

#include "base/result.h"

namespace modelkeep::catalog {

/// "[namespace/]name" as the Hub allows it, in ASCII only. repo_id_invalid, with a hint where a URL
/// was given.
Result<> check_repo_name(std::string_view name);

/// What a model's id may look like in a route. model_id_invalid.
Result<> check_model_id(std::string_view id);

/// A branch, tag or commit, as git allows it. revision_invalid.
Result<> check_revision(std::string_view revision);

/// A path inside a model's folder. path_invalid.
Result<> check_file_path(std::string_view path);

}  // namespace modelkeep::catalog
