#pragma once
// How many downloads run at once, over all fetchers of the machine: whoever holds a slot's lock
// file runs one.
#include <optional>

#include "base/file_lock.h"
#include "storage/layout.h"

namespace modelkeep::fetch {

/// Nothing when all are taken.
Result<std::optional<FileLock>> take_slot(const storage::Layout& layout, int slots);

}  // namespace modelkeep::fetch
