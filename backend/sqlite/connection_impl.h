#pragma once
// What a Connection owns; for the files of this folder only.
#include <string>
#include <unordered_map>

#include <sqlite3.h>

#include "base/handle.h"
#include "sqlite/connection.h"

namespace modelkeep::sqlite {

using Database = Handle<sqlite3, sqlite3_close_v2>;
using Prepared = Handle<sqlite3_stmt, sqlite3_finalize>;

struct KeptStatement {
  std::string sql;
  Prepared statement;
  bool in_use = false;
};

struct Connection::Impl {
  OpenOptions options;
  Database database;
  // Keyed by the text, which each entry owns; behind a pointer, so that uses stay valid when the
  // map grows.
  std::unordered_map<std::string_view, std::unique_ptr<KeptStatement>> statements;
  bool writing = false;  ///< Inside a WriteTransaction.
  int wal_pages = 0;     ///< Of the log after the last commit, told by SQLite.
};

}  // namespace modelkeep::sqlite
