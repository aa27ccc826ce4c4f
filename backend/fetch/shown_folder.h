#pragma once
// What a model's folder shows beside a download that is to take its place: kept before the swap,
// put back after a death behind it. Built out of blobs, so that it is right wherever we are killed.
#include "base/file_lock.h"
#include "catalog/downloads.h"
#include "fetch/surroundings.h"

namespace modelkeep::fetch {

/// Gives the revision that the folder shows a folder of its own, unless it has one. One whose bytes
/// are not all here any more has nothing to keep. The caller holds the model's folder lock.
Result<> keep_shown_revision(const Surroundings& around, sqlite::Connection& db,
                             const catalog::Download& download, const FileLock& folder);

/// For a download that was given up: one that died between the swap and the transaction left its
/// own files in the folder, and the rows name others. Does nothing where it never came that far.
Result<> restore_shown_folder(const Surroundings& around, sqlite::Connection& db,
                              const catalog::Download& download);

}  // namespace modelkeep::fetch
