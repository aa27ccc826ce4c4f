#pragma once
// The database file as a whole: where it lies, whether it may be used, bringing its schema up to
// date. The master calls prepare() once before it starts anyone; every thread then opens its own
// connection with open().
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "sqlite/connection.h"

namespace modelkeep::catalog {

/// In the header of the file: "MKep". A file with another one is not ours and is left alone.
constexpr std::int32_t kApplicationId = 0x4D4B6570;

/// Names that storage/layout.h makes; whoever builds a role fills them in. Their folders exist.
struct StatePaths {
  std::string folder;        ///< layout.state_dir()
  std::string database;      ///< layout.database()
  std::string write_lock;    ///< layout.db_write_lock()
  std::string prepare_lock;  ///< layout.lock("prepare"): one start at a time
  std::string backups;       ///< layout.backups_dir()
  std::string ballast;       ///< layout.ballast(): space to give back when the disk is full
};

/// For a connection of a request thread, of which there are many.
constexpr int kReaderCacheKib = 512;
/// For the one that imports events: a batch touches thousands of pages, which would spill and be
/// written twice.
constexpr int kImporterCacheKib = 8 * 1024;

/// A connection as every thread uses it; read-only once damage was found. database_newer,
/// database_damaged (also when the file is missing or empty: prepare() makes it), database_foreign.
Result<sqlite::Connection> open(const StatePaths& paths, int cache_kib = kReaderCacheKib);

/// The steps that are missing, one transaction each. For prepare() and tests.
Result<> migrate(sqlite::Connection& db);

/// Refuses a network file system (state_not_local), a file that is not ours or not whole, a newer
/// schema; keeps the file as it is in each of these cases. Then a backup if there is something to
/// migrate, and the migrations. A missing file is created; an existing empty one is damage, not a
/// beginning.
/// A small file is checked whole at once, a large one by a later check_and_remember().
Result<> prepare(const StatePaths& paths, Clock& clock);

/// check_whole on a connection of its own. What it finds is remembered beside the file: open() then
/// gives read-only connections, until a later check finds nothing, as after a restore.
Result<> check_and_remember(const StatePaths& paths);
/// database_damaged when that was found. One stat.
Result<> require_undamaged(const StatePaths& paths);

/// quick_check and foreign_key_check: seconds for a large file. database_damaged with the first
/// complaint.
Result<> check_whole(sqlite::Connection& db);

std::int64_t schema_version();      ///< The one this binary brings the file to.
std::string_view sqlite_version();  ///< Of the library in use.

/// state_not_local when the folder lies on NFS, SMB, FUSE or another file system where SQLite loses
/// rows.
Result<> require_local_disk(const std::string& folder);
Result<> require_local_type(std::uint32_t statfs_magic);

}  // namespace modelkeep::catalog
