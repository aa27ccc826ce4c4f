#pragma once
// A use of a prepared statement: bind, step, read rows; given back when the use ends. Also Row, the
// only reader of columns. Made by Connection::use.
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

struct sqlite3_stmt;

namespace modelkeep::sqlite {

/// The current row; valid until the next step. Columns count from 0.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}

  bool is_null(int column) const;
  bool is_text(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;

  /// Fills `outs` from the columns in order, beginning with the first.
  template <class... Outs>
  void read(Outs&... outs) const {
    int column = 0;
    (get(column++, outs), ...);
  }

  template <std::integral T>
  void get(int column, T& out) const {
    out = static_cast<T>(integer(column));
  }
  void get(int column, bool& out) const { out = integer(column) != 0; }
  void get(int column, double& out) const { out = real(column); }
  void get(int column, std::string& out) const { out = text(column); }
  void get(int column, Time& out) const { out.ms = integer(column); }
  template <class T>
  void get(int column, std::optional<T>& out) const {
    if (is_null(column)) {
      out.reset();
    } else {
      get(column, out.emplace());
    }
  }

 private:
  sqlite3_stmt* statement_;
};

inline void read_row(const Row& row, std::int64_t& out) {
  row.read(out);
}
inline void read_row(const Row& row, std::string& out) {
  row.read(out);
}

class StatementUse {
 public:
  StatementUse(StatementUse&& other) noexcept;
  StatementUse& operator=(StatementUse&&) = delete;
  ~StatementUse();

  /// Binds `?1, ?2, ...` in order. Text is borrowed until the use ends.
  template <class... Values>
  void bind(const Values&... values) {
    int index = 1;
    (bind_at(index++, values), ...);
  }

  template <std::integral T>
  void bind_at(int index, T value) {
    bind_integer(index, static_cast<std::int64_t>(value));
  }
  void bind_at(int index, double value);
  void bind_at(int index, std::string_view text);
  void bind_at(int index, const std::string& text) { bind_at(index, std::string_view(text)); }
  void bind_at(int index, const char* text) { bind_at(index, std::string_view(text)); }
  void bind_at(int index, Time time) { bind_integer(index, time.ms); }
  void bind_at(int index, std::nullptr_t);
  template <class T>
  void bind_at(int index, const std::optional<T>& value) {
    if (value) {
      bind_at(index, *value);
    } else {
      bind_at(index, nullptr);
    }
  }

  /// True when a row is there, false at the end.
  Result<bool> step();
  Row row() const { return Row(statement_); }
  /// Ready to bind and step again.
  void reset();

 private:
  friend class Connection;
  StatementUse(sqlite3_stmt* statement, bool* in_use, bool owned)
      : statement_(statement), in_use_(in_use), owned_(owned) {}
  void bind_integer(int index, std::int64_t value);

  sqlite3_stmt* statement_;
  bool* in_use_;  ///< The kept statement's flag, which the end of this use clears.
  bool owned_;    ///< A second use of a statement in use is a statement of its own.
};

}  // namespace modelkeep::sqlite
