#pragma once
// From a repo name to the id that names its folder and its route. Pure, but for the look at what is
// taken.
#include <string>
#include <string_view>

#include "base/result.h"

namespace modelkeep::sqlite {
class Connection;
}

namespace modelkeep::catalog {

/// "google/flan-t5-small" -> "google_flan-t5-small".
std::string plain_id(std::string_view name);
/// "<plain id>~<8 hex of SHA-256(name)>": no repo name has a "~", so it meets no plain id.
std::string suffixed_id(std::string_view name);
/// What the service or the file system keeps at the top of the mount; any case.
bool is_reserved_id(std::string_view id);

/// The id that `name` gets when it is created: the plain one when free. Inside a write transaction.
Result<std::string> free_id(sqlite::Connection& db, std::string_view name);

}  // namespace modelkeep::catalog
