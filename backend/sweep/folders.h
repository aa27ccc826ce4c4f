#pragma once
// Whether the folders that rows promise are there. Called by the one fetcher that holds
// locks/upkeep.lock.
#include "base/files.h"
#include "sqlite/connection.h"
#include "storage/layout.h"

namespace modelkeep::sweep {

/// A ready model whose folder someone took away is `missing`; one whose folder came back is
/// `unverified`, since nobody knows what is in it. How many rows changed. storage_missing when the
/// whole mount is gone, which says nothing about a model.
Result<int> note_missing_folders(sqlite::Connection& db, Files& files,
                                 const storage::Layout& layout);

/// Builds folders that went missing again out of blobs: the models' own, and those of other
/// revisions that are kept. A model's is then `verified` again when all of its files are. What
/// lacks a blob is left as it is. How many were built.
Result<int> rebuild_lost_folders(sqlite::Connection& db, Files& files,
                                 const storage::Layout& layout);

}  // namespace modelkeep::sweep
