#include "sqlite/errors.h"

#include <string>

#include <sqlite3.h>

namespace modelkeep::sqlite {

Error sqlite_error(int result_code, sqlite3* database, std::string_view what) {
  std::string cause = std::string(what) + ": " + sqlite3_errstr(result_code) + " (" +
                      std::to_string(result_code) + ")";
  if (database != nullptr) cause += std::string(": ") + sqlite3_errmsg(database);
  switch (result_code & 0xFF) {
    case SQLITE_CONSTRAINT:
      if (result_code == SQLITE_CONSTRAINT_UNIQUE || result_code == SQLITE_CONSTRAINT_PRIMARYKEY) {
        return {ErrorKind::conflict, codes::state_conflict, "It exists already.", std::move(cause)};
      }
      return {ErrorKind::internal, codes::internal_error,
              "The database refused an impossible value.", std::move(cause)};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorKind::unavailable, codes::database_damaged,
              "The database is damaged. Restore a backup; the files on the mount are not touched.",
              std::move(cause)};
    case SQLITE_FULL:
      return {ErrorKind::no_space, codes::disk_full,
              "The disk that holds the database is full. Free some space and try again.",
              std::move(cause)};
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
      return {ErrorKind::internal, codes::internal_error, "The database refused a statement.",
              std::move(cause)};
    default:
      // Busy, locked, I/O, memory, read-only, cannot open: all may pass.
      return {ErrorKind::unavailable, codes::database_unavailable,
              "The database cannot be used right now. Try again in a moment.", std::move(cause)};
  }
}

}  // namespace modelkeep::sqlite
