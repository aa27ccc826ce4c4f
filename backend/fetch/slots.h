#pragma once
// How many downloads run at once, over all fetchers of the machine: whoever holds a slot's lock
// file runs one.
#include <optional>

#include "base/file_lock.h"
#include "storage/layout.h"

namespace modelkeep::fetch {

struct Slot {
  FileLock lock;
  int number = 0;  ///< From 0; those at the limit and beyond are given up when it falls.
};

/// One of the first `slots`; nothing when all are taken.
Result<std::optional<Slot>> take_slot(const storage::Layout& layout, int slots);

}  // namespace modelkeep::fetch
