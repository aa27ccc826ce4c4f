#pragma once
// Takes away content that no row names. Called by the one fetcher that holds locks/upkeep.lock.
#include "base/files.h"
#include "sqlite/connection.h"
#include "storage/layout.h"

namespace modelkeep::sweep {

/// Candidates that nobody names any more, unlinked inside the write transaction in which that was
/// seen: a plan that is written after it finds no row and no file, one before it keeps both. How
/// many went.
Result<int> sweep_blobs(sqlite::Connection& db, Files& files, const storage::Layout& layout);

/// Blobs on the disk that no row knows, left by a crash between a blob's rename and its row: they
/// become candidates.
Result<int> suspect_stray_blobs(sqlite::Connection& db, Files& files,
                                const storage::Layout& layout);

}  // namespace modelkeep::sweep
