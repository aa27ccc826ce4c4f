#pragma once
// One connection to the database: one thread at a time, never carried over a fork. Statements are
// prepared once and kept. A statement that writes runs inside a WriteTransaction (transaction.h)
// and nowhere else.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sqlite/statement.h"

namespace modelkeep::sqlite {

struct OpenOptions {
  std::string path;
  /// The lock file under which every write transaction and every checkpoint of this database runs.
  /// SQLite before 3.51.3 can corrupt a WAL database when a commit resets the log beside a
  /// checkpoint; one lock keeps them apart.
  std::string write_lock_path;
  bool read_only = false;
  bool create = false;
  int busy_timeout_ms = 5000;  ///< Longer than any write transaction of ours may take.
  int cache_kib = 512;  ///< A connection for each thread: a large cache would be paid many times.
};

/// Stands for what a connection would read: two of the same connection that are equal mean that
/// nothing was committed in between.
struct Moment {
  std::int64_t by_others = -1;  ///< PRAGMA data_version.
  std::int64_t by_us = -1;      ///< sqlite3_total_changes64().
  bool operator==(const Moment&) const = default;
};

/// Opens, closes, prepares; see WriteTransaction and ReadTransaction for what runs in it.
class Connection {
 public:
  /// WAL, synchronous FULL, foreign keys, defensive, no extensions. `database_unavailable` when it
  /// cannot be opened, `database_damaged` when it is no database.
  static Result<Connection> open(const OpenOptions& options);

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Runs a statement that gives no rows.
  template <class... Values>
  Result<> run(std::string_view sql, const Values&... values) {
    StatementUse statement = TRY(use(sql));
    statement.bind(values...);
    TRY(statement.step());
    return {};
  }

  /// The first row, through `read_row(const Row&, T&)`; nullopt when there is none.
  template <class T, class... Values>
  Result<std::optional<T>> one(std::string_view sql, const Values&... values) {
    StatementUse statement = TRY(use(sql));
    statement.bind(values...);
    std::optional<T> found;
    if (TRY(statement.step())) read_row(statement.row(), found.emplace());
    // A statement that writes and returns rows is complete only when it has been stepped to its
    // end.
    while (TRY(statement.step())) {
    }
    return found;
  }

  /// Every row, through `read_row`.
  template <class T, class... Values>
  Result<std::vector<T>> all(std::string_view sql, const Values&... values) {
    std::vector<T> found;
    TRY(each(
        sql, [&found](const Row& row) { read_row(row, found.emplace_back()); }, values...));
    return found;
  }

  /// Calls `visit(const Row&)` for every row.
  template <class Visit, class... Values>
  Result<> each(std::string_view sql, Visit&& visit, const Values&... values) {
    StatementUse statement = TRY(use(sql));
    statement.bind(values...);
    while (TRY(statement.step())) visit(statement.row());
    return {};
  }

  /// A script of several statements without values: migrations, inside a WriteTransaction.
  Result<> execute(const std::string& script);

  /// A prepared statement, ready to bind; kept for the next use of the same text.
  Result<StatementUse> use(std::string_view sql);

  std::int64_t last_insert_id() const;
  /// Rows that the last INSERT, UPDATE or DELETE touched.
  std::int64_t changes() const;
  /// Of this connection, now; compare it with none of another one.
  Result<Moment> moment();
  const std::string& path() const;

 private:
  friend class WriteTransaction;
  friend class ReadTransaction;
  friend Result<> backup_to(Connection& source, const std::string& target_path);
  struct Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The version of the linked library, for health and log.
std::string_view library_version();

/// Copies the database as of one moment into a fresh file at `target_path`, by SQLite's online
/// backup.
Result<> backup_to(Connection& source, const std::string& target_path);

}  // namespace modelkeep::sqlite
