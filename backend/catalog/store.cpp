#include "catalog/store.h"

#include <chrono>

#include "base/files.h"
#include "base/log.h"
#include "catalog/backup.h"
#include "catalog/migrations.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kUserVersion = "PRAGMA user_version";
constexpr std::string_view kApplicationIdOf = "PRAGMA application_id";
constexpr std::uint64_t kCheckedAtStartMax = 32ULL << 20;  // Some tens of milliseconds.
constexpr int kPrepareTimeoutMs = 60'000;  // A migration of a large catalog may take a while.

sqlite::OpenOptions options_of(const StatePaths& paths) {
  sqlite::OpenOptions options;
  options.path = paths.database;
  options.write_lock_path = paths.write_lock;
  return options;
}

tl::unexpected<Error> not_whole(std::string cause) {
  return fail(ErrorKind::unavailable, codes::database_damaged,
              "The database is damaged. Restore a backup; the files on the mount are not touched.",
              std::move(cause));
}

/// The version of a file that is ours; who it belongs to is asked before anything may be written to
/// it.
Result<std::int64_t> version_of(sqlite::Connection& db) {
  const auto version = TRY(db.one<std::int64_t>(kUserVersion));
  const auto owner = TRY(db.one<std::int64_t>(kApplicationIdOf));
  if (owner.value_or(0) != kApplicationId) {
    return fail(ErrorKind::unavailable, codes::database_foreign,
                "The database file belongs to another program.", db.path());
  }
  if (version.value_or(0) > schema_version()) {
    return fail(ErrorKind::unavailable, codes::database_newer,
                "The database was written by a newer version of Modelkeep. Install that version.",
                "user_version " + std::to_string(version.value_or(0)));
  }
  return version.value_or(0);
}

/// What can be told without a change to the file: SQLite reads the header of a read-only connection
/// only.
Result<std::int64_t> inspect(const StatePaths& paths) {
  sqlite::OpenOptions options = options_of(paths);
  options.read_only = true;
  auto db = TRY(sqlite::Connection::open(options));
  return version_of(db);
}

/// A log without its database would be replayed into the next one of that name.
Result<> set_aside_strays(const StatePaths& paths, Time now) {
  Files& files = posix_files();
  for (const std::string_view suffix : {"-wal", "-shm"}) {
    const std::string stray = paths.database + std::string(suffix);
    if (!files.stat(stray)) continue;
    log::warn("database.stray_file", {{"file", stray}});
    TRY(files.rename(stray, stray + ".stray-" + std::to_string(now.ms)));
  }
  return {};
}

/// Built beside and renamed when it is whole, so that an empty file always means damage.
Result<> create(const StatePaths& paths, Time now) {
  Files& files = posix_files();
  const std::string built = paths.database + ".new";
  for (const std::string_view suffix : {"", "-wal", "-shm"}) {
    const std::string left_over = built + std::string(suffix);
    if (files.stat(left_over)) TRY(files.remove_file(left_over));
  }
  {
    sqlite::OpenOptions options = options_of(paths);
    options.path = built;
    options.create = true;
    auto db = TRY(sqlite::Connection::open(options));
    TRY(migrate(db));
    // Into the file itself: only that gets the final name.
    TRY(db.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  }
  for (const std::string_view suffix : {"-wal", "-shm"}) {
    const std::string emptied = built + std::string(suffix);
    if (files.stat(emptied)) TRY(files.remove_file(emptied));
  }
  TRY(set_aside_strays(paths, now));
  const auto written = TRY(files.open(built, OpenMode::read));
  TRY(files.sync(written));
  TRY(files.rename(built, paths.database));
  return files.sync_folder(paths.folder);
}

}  // namespace

std::int64_t schema_version() {
  return static_cast<std::int64_t>(migrations().size());
}

std::string_view sqlite_version() {
  return sqlite::library_version();
}

Result<> migrate(sqlite::Connection& db) {
  const auto found = TRY(db.one<std::int64_t>(kUserVersion));
  std::int64_t version = found.value_or(0);
  for (const Migration& migration : migrations().subspan(static_cast<std::size_t>(version))) {
    auto writing = TRY(sqlite::WriteTransaction::begin(db));
    TRY(db.execute(std::string(migration.sql)));
    TRY(db.execute("PRAGMA user_version = " + std::to_string(++version) +
                   "; PRAGMA application_id = " + std::to_string(kApplicationId)));
    TRY(writing.commit());
    log::info("database.migrated", {{"step", migration.name}, {"version", version}});
  }
  return {};
}

Result<sqlite::Connection> open(const StatePaths& paths, int cache_kib) {
  const auto stat = posix_files().stat(paths.database);
  if (stat && stat->size_bytes == 0) return not_whole("0 bytes");
  sqlite::OpenOptions options = options_of(paths);
  options.read_only = !require_undamaged(paths);
  options.cache_kib = cache_kib;
  auto db = TRY(sqlite::Connection::open(options));
  const std::int64_t version = TRY(version_of(db));
  if (version == schema_version()) return db;
  return fail(ErrorKind::unavailable, codes::database_unavailable,
              "The database has not been brought up to date yet.",
              "user_version " + std::to_string(version));
}

Result<> prepare(const StatePaths& paths, Clock& clock) {
  TRY(require_local_disk(paths.folder));
  const auto alone =
      TRY(FileLock::take(paths.prepare_lock, std::chrono::milliseconds(kPrepareTimeoutMs)));
  const auto stat = posix_files().stat(paths.database);
  if (!stat) {
    if (stat.error().kind != ErrorKind::not_found) return tl::unexpected{stat.error()};
    return create(paths, clock.now());
  }
  if (stat->size_bytes == 0) return not_whole("0 bytes");
  const std::int64_t version = TRY(inspect(paths));
  if (stat->size_bytes <= kCheckedAtStartMax || !require_undamaged(paths)) {
    TRY(check_and_remember(paths));
  }
  if (version == schema_version()) return {};
  TRY(backup_now(paths, clock.now()));
  auto db = TRY(sqlite::Connection::open(options_of(paths)));
  return migrate(db);
}

}  // namespace modelkeep::catalog
