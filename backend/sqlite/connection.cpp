#include "sqlite/connection.h"

#include <mutex>

#include "base/check.h"
#include "sqlite/connection_impl.h"
#include "sqlite/errors.h"

namespace modelkeep::sqlite {
namespace {

/// Once in a process: without the memory statistics' mutex, threads do not meet in malloc.
void configure_library() {
  static std::once_flag done;
  std::call_once(done, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

Result<> harden(sqlite3* database) {
  const struct {
    int option;
    int value;
  } settings[] = {
      {SQLITE_DBCONFIG_DEFENSIVE, 1},
      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
      {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
      // The last one to close would checkpoint outside the write lock.
      {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
  };
  for (const auto& setting : settings) {
    const int result = sqlite3_db_config(database, setting.option, setting.value, nullptr);
    if (result != SQLITE_OK) return tl::unexpected{sqlite_error(result, database, "db_config")};
  }
  return {};
}

std::string pragmas(const OpenOptions& options) {
  // A statement that finds WAL set already only reads, so every connection may ask for it.
  std::string script = options.read_only ? "" : "PRAGMA journal_mode=WAL;";
  script +=
      "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON; PRAGMA "
      "wal_autocheckpoint=0;"
      "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-" +
      std::to_string(options.cache_kib) + ";";
  return script;
}

int remember_wal_pages(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Connection> Connection::open(const OpenOptions& options) {
  configure_library();
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW;
  flags |= options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (options.create) flags |= SQLITE_OPEN_CREATE;
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(options.path.c_str(), &opened, flags, nullptr);
  impl->database.reset(opened);  // Also on failure: SQLite wants it closed.
  if (result != SQLITE_OK)
    return tl::unexpected{sqlite_error(result, opened, "open " + options.path)};
  sqlite3_busy_timeout(opened, options.busy_timeout_ms);
  TRY(harden(opened));
  Connection connection(std::move(impl));
  TRY(connection.execute(pragmas(options)));
  sqlite3_wal_hook(opened, remember_wal_pages, &connection.impl_->wal_pages);
  return connection;
}

Result<> Connection::execute(const std::string& script) {
  const int result = sqlite3_exec(impl_->database.get(), script.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK)
    return tl::unexpected{sqlite_error(result, impl_->database.get(), "execute")};
  return {};
}

Result<StatementUse> Connection::use(std::string_view sql) {
  auto found = impl_->statements.find(sql);
  const bool kept = found != impl_->statements.end();
  if (kept && !found->second->in_use) {
    KeptStatement& entry = *found->second;
    CHECK(impl_->writing || sqlite3_stmt_readonly(entry.statement.get()));
    entry.in_use = true;
    return StatementUse(entry.statement.get(), &entry.in_use, false);
  }
  sqlite3_stmt* prepared = nullptr;
  const int result =
      sqlite3_prepare_v3(impl_->database.get(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  Prepared statement(prepared);
  if (result != SQLITE_OK) {
    return tl::unexpected{
        sqlite_error(result, impl_->database.get(), "prepare " + std::string(sql))};
  }
  CHECK(impl_->writing || sqlite3_stmt_readonly(prepared));
  if (kept) return StatementUse(statement.release(), nullptr, true);
  auto entry =
      std::make_unique<KeptStatement>(KeptStatement{std::string(sql), std::move(statement), true});
  KeptStatement& stored = *entry;
  impl_->statements.emplace(stored.sql, std::move(entry));
  return StatementUse(stored.statement.get(), &stored.in_use, false);
}

std::int64_t Connection::last_insert_id() const {
  return sqlite3_last_insert_rowid(impl_->database.get());
}
std::int64_t Connection::changes() const {
  return sqlite3_changes64(impl_->database.get());
}
Result<Moment> Connection::moment() {
  const auto by_others = TRY(one<std::int64_t>("PRAGMA data_version"));
  return Moment{by_others.value_or(-1), sqlite3_total_changes64(impl_->database.get())};
}
const std::string& Connection::path() const {
  return impl_->options.path;
}

std::string_view library_version() {
  return sqlite3_libversion();
}

Result<> backup_to(Connection& source, const std::string& target_path) {
  sqlite3* opened = nullptr;
  int result =
      sqlite3_open_v2(target_path.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, nullptr);
  const Database target(opened);
  if (result != SQLITE_OK) return tl::unexpected{sqlite_error(result, opened, "open backup")};
  sqlite3_backup* backup =
      sqlite3_backup_init(opened, "main", source.impl_->database.get(), "main");
  if (backup == nullptr) {
    return tl::unexpected{sqlite_error(sqlite3_extended_errcode(opened), opened, "backup")};
  }
  // In one go: a copy in steps begins again whenever another process commits.
  sqlite3_backup_step(backup, -1);
  result = sqlite3_backup_finish(backup);
  if (result != SQLITE_OK) return tl::unexpected{sqlite_error(result, opened, "backup")};
  return {};
}

}  // namespace modelkeep::sqlite
