#pragma once
// Whether the disk shows a repo as it should be. Only this room includes it.
#include "base/files.h"
#include "storage/layout.h"
#include "view/repo.h"

namespace modelkeep::view {

/// Leaves out what the store has no bytes for, which nobody can show.
Result<> keep_stored(Files& files, const storage::Layout& layout, Repo& repo);

/// Every name and what it leads to; files that clients left beside them do not count.
Result<bool> is_in_place(Files& files, const storage::Layout& layout, const Repo& repo);

}  // namespace modelkeep::view
