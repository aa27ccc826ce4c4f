#pragma once
// Transactions, undone by their destructor unless committed.
#include <chrono>
#include <optional>

#include "base/file_lock.h"
#include "sqlite/connection.h"

namespace modelkeep::sqlite {

/// All writing: takes the database's lock file, then BEGIN IMMEDIATE. Keep it short: no network, no
/// hashing inside.
class WriteTransaction {
 public:
  /// `database_damaged` on a read-only connection; `database_unavailable` (unavailable) when the
  /// lock or the database stays busy for the timeout.
  /// With `patience`, each of the two is waited for no longer than that.
  static Result<WriteTransaction> begin(
      Connection& connection, std::optional<std::chrono::milliseconds> patience = std::nullopt);

  WriteTransaction(WriteTransaction&& other) noexcept;
  WriteTransaction& operator=(WriteTransaction&&) = delete;
  ~WriteTransaction();

  /// Durable when it returns (synchronous FULL). Checkpoints when the log has grown, then lets the
  /// lock go.
  Result<> commit();

 private:
  WriteTransaction(Connection& connection, FileLock lock);
  Connection* connection_;
  std::optional<FileLock> lock_;
};

/// Several reads of one moment. Under a second, since an open reader keeps the log from shrinking.
class ReadTransaction {
 public:
  static Result<ReadTransaction> begin(Connection& connection);
  ReadTransaction(ReadTransaction&& other) noexcept;
  ReadTransaction& operator=(ReadTransaction&&) = delete;
  ~ReadTransaction();

 private:
  explicit ReadTransaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace modelkeep::sqlite
