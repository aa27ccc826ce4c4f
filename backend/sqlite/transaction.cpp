#include "sqlite/transaction.h"

#include <chrono>

#include "base/check.h"
#include "base/log.h"
#include "sqlite/connection_impl.h"
#include "sqlite/errors.h"

namespace modelkeep::sqlite {
namespace {

constexpr int kCheckpointAtBytes = 4 << 20;
constexpr int kPageBytes = 4096;

/// Rolls back what is open; a failed COMMIT may have done so already.
void roll_back(sqlite3* database) {
  if (!sqlite3_get_autocommit(database))
    sqlite3_exec(database, "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace

WriteTransaction::WriteTransaction(Connection& connection, FileLock lock)
    : connection_(&connection), lock_(std::move(lock)) {}

WriteTransaction::WriteTransaction(WriteTransaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)), lock_(std::move(other.lock_)) {}

Result<WriteTransaction> WriteTransaction::begin(
    Connection& connection, std::optional<std::chrono::milliseconds> patience) {
  auto& impl = *connection.impl_;
  CHECK(!impl.writing);
  if (impl.options.read_only) {
    return fail(ErrorKind::unavailable, codes::database_damaged,
                "The database was found damaged and is only read. Restore a backup.");
  }
  const std::chrono::milliseconds usual(impl.options.busy_timeout_ms);
  auto lock = FileLock::take(impl.options.write_lock_path, patience.value_or(usual));
  if (!lock) {
    if (lock.error().code != codes::lock_held) return tl::unexpected{std::move(lock).error()};
    return fail(ErrorKind::unavailable, codes::database_unavailable,
                "The database is busy. Try again in a moment.", "write lock held too long");
  }
  if (patience) sqlite3_busy_timeout(impl.database.get(), static_cast<int>(patience->count()));
  const int result =
      sqlite3_exec(impl.database.get(), "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  if (patience) sqlite3_busy_timeout(impl.database.get(), impl.options.busy_timeout_ms);
  if (result != SQLITE_OK)
    return tl::unexpected{sqlite_error(result, impl.database.get(), "BEGIN IMMEDIATE")};
  impl.writing = true;
  return WriteTransaction(connection, std::move(*lock));
}

WriteTransaction::~WriteTransaction() {
  if (connection_ == nullptr) return;
  roll_back(connection_->impl_->database.get());
  connection_->impl_->writing = false;
}

Result<> WriteTransaction::commit() {
  CHECK(connection_ != nullptr);
  auto& impl = *connection_->impl_;
  if (!lock_->still_ours()) {
    return fail(ErrorKind::unavailable, codes::lock_lost,
                "The database's lock file was replaced. Restart the service.",
                impl.options.write_lock_path);
  }
  const int result = sqlite3_exec(impl.database.get(), "COMMIT", nullptr, nullptr, nullptr);
  if (result != SQLITE_OK)
    return tl::unexpected{sqlite_error(result, impl.database.get(), "COMMIT")};
  connection_ = nullptr;
  impl.writing = false;
  if (impl.wal_pages * kPageBytes >= kCheckpointAtBytes) {
    // Readers may keep part of the log; the next commit past the limit tries again.
    const int checked = sqlite3_wal_checkpoint_v2(impl.database.get(), nullptr,
                                                  SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (checked != SQLITE_OK && (checked & 0xFF) != SQLITE_BUSY) {
      log::failure("database.checkpoint", sqlite_error(checked, impl.database.get(), "checkpoint"));
    }
  }
  lock_.reset();
  return {};
}

Result<ReadTransaction> ReadTransaction::begin(Connection& connection) {
  // Prepared and kept, unlike those of writers: a read is so short that parsing its ends would
  // show.
  TRY(connection.run("BEGIN"));
  return ReadTransaction(connection);
}

ReadTransaction::ReadTransaction(ReadTransaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

ReadTransaction::~ReadTransaction() {
  if (connection_ == nullptr || connection_->run("COMMIT")) return;
  roll_back(connection_->impl_->database.get());
}

}  // namespace modelkeep::sqlite
