#pragma once
// Takes away what finished or died: trash, and the staging of downloads that nobody will go on
// with. Called by the one fetcher that holds locks/upkeep.lock.
#include "base/clock.h"
#include "base/files.h"
#include "sqlite/connection.h"
#include "storage/layout.h"

namespace modelkeep::sweep {

Result<> empty_trash(Files& files, const storage::Layout& layout);

/// Parts of a failed download are kept a day for a retry; those of one that is done, cancelled or
/// unknown go at once, unless someone holds its lock.
Result<int> sweep_staging(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                          Time now);

}  // namespace modelkeep::sweep
