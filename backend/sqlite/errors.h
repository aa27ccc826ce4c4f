#pragma once
// A result code of SQLite as an Error; the one place where they are told apart.
#include <string_view>

#include "base/result.h"

struct sqlite3;

namespace modelkeep::sqlite {

/// `result_code` may be extended; `what` is for the log.
Error sqlite_error(int result_code, sqlite3* database, std::string_view what);

}  // namespace modelkeep::sqlite
