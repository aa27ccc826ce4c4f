#include "tests/system/database.h"

#include <cstdlib>

#include <gtest/gtest.h>

namespace modelkeep::system_test {

using OpenStatement = Handle<sqlite3_stmt, sqlite3_finalize>;

OutsideDatabase::OutsideDatabase(const std::string& path) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  db_.reset(opened);
  EXPECT_EQ(code, SQLITE_OK) << path;
  sqlite3_busy_timeout(db_.get(), 10'000);
  // The service keeps commits and checkpoints apart by a lock of its own; this connection makes
  // none.
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_wal_autocheckpoint(db_.get(), 0);
}

Rows OutsideDatabase::query(const std::string& sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v2(db_.get(), sql.c_str(), -1, &prepared, nullptr);
  const OpenStatement statement(prepared);
  EXPECT_EQ(code, SQLITE_OK) << sql << ": " << sqlite3_errmsg(db_.get());
  Rows rows;
  if (code != SQLITE_OK) return rows;
  int stepped = sqlite3_step(prepared);
  for (; stepped == SQLITE_ROW; stepped = sqlite3_step(prepared)) {
    std::vector<std::string>& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(prepared); ++i) {
      const auto* text = sqlite3_column_text(prepared, i);
      row.emplace_back(text == nullptr ? "" : reinterpret_cast<const char*>(text));
    }
  }
  EXPECT_EQ(stepped, SQLITE_DONE) << sql << ": " << sqlite3_errmsg(db_.get());
  return rows;
}

std::string OutsideDatabase::text(const std::string& sql) {
  const Rows rows = query(sql);
  return rows.empty() ? std::string() : rows.front().front();
}

std::int64_t OutsideDatabase::number(const std::string& sql) {
  return std::strtoll(text(sql).c_str(), nullptr, 10);
}

}  // namespace modelkeep::system_test
