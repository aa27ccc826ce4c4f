#include "sqlite/statement.h"

#include <utility>

#include <sqlite3.h>

#include "base/check.h"
#include "sqlite/errors.h"

namespace modelkeep::sqlite {

bool Row::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
bool Row::is_text(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_TEXT;
}
std::int64_t Row::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double Row::real(int column) const {
  return sqlite3_column_double(statement_, column);
}
std::string_view Row::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return bytes == nullptr
             ? std::string_view{}
             : std::string_view(bytes,
                                static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

StatementUse::StatementUse(StatementUse&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)),
      in_use_(std::exchange(other.in_use_, nullptr)),
      owned_(other.owned_) {}

StatementUse::~StatementUse() {
  if (statement_ == nullptr) return;
  if (owned_) {
    sqlite3_finalize(statement_);
    return;
  }
  reset();
  *in_use_ = false;
}

void StatementUse::bind_at(int index, double value) {
  CHECK(sqlite3_bind_double(statement_, index, value) == SQLITE_OK);
}
void StatementUse::bind_at(int index, std::string_view text) {
  // Borrowed: the caller's text outlives the use, so no copy is made.
  CHECK(sqlite3_bind_text(statement_, index, text.empty() ? "" : text.data(),
                          static_cast<int>(text.size()), SQLITE_STATIC) == SQLITE_OK);
}
void StatementUse::bind_at(int index, std::nullptr_t) {
  CHECK(sqlite3_bind_null(statement_, index) == SQLITE_OK);
}
void StatementUse::bind_integer(int index, std::int64_t value) {
  CHECK(sqlite3_bind_int64(statement_, index, value) == SQLITE_OK);
}

Result<bool> StatementUse::step() {
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return tl::unexpected{
      sqlite_error(result, sqlite3_db_handle(statement_), sqlite3_sql(statement_))};
}

void StatementUse::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

}  // namespace modelkeep::sqlite
