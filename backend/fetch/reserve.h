#pragma once
// Whether the bytes of a plan fit onto the disk beside all that others were promised.
#include "catalog/queue.h"
#include "fetch/surroundings.h"

namespace modelkeep::fetch {

/// Promises the space that the rows of this download's plan ask for. storage_insufficient with both
/// numbers when there is too little; disk_full (which waits) where the download asked to wait, or
/// had its promise and others took the space nonetheless.
Result<> reserve_space(const Surroundings& around, sqlite::Connection& db,
                       const catalog::Download& download);

}  // namespace modelkeep::fetch
