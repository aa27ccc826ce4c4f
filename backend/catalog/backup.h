#pragma once
// Copies of the database that can be put back: taken by SQLite's online backup while others write,
// named by time, whole or not there. And the ballast, without which a full disk could not even
// delete.
#include <string>
#include <vector>

#include "catalog/store.h"

namespace modelkeep::catalog {

constexpr int kBackupsKept = 7;

/// Takes one as "modelkeep-20260122T103000Z-v1.db" and removes those beyond the newest
/// kBackupsKept. Its path.
Result<std::string> backup_now(const StatePaths& paths, Time now);
/// When the newest is a day old, or there is none. Cheap when not due. True when one was taken.
Result<bool> backup_if_due(const StatePaths& paths, Time now);
/// Newest first.
Result<std::vector<std::string>> list_backups(const StatePaths& paths);
/// Puts a backup in the place of the database, whose files are kept beside as
/// "*.before-restore-<time>". Only while no process has it open.
Result<> restore_backup(const StatePaths& paths, const std::string& backup, Time now);

/// 64 MiB, at most 1 % of the file system; created when there is room for ten times as much.
Result<> keep_ballast(const StatePaths& paths);
/// True when there was one to drop: the caller may try its write once more.
bool drop_ballast(const StatePaths& paths);

}  // namespace modelkeep::catalog
