#pragma once
// The folders that a start needs, with their rights. Called before anything else touches the disk.
#include "base/result.h"
#include "storage/layout.h"

namespace modelkeep::app {

/// Makes what is missing: the mount's own folder 0755, the state folder and all in it 0700. Refuses
/// a private folder that others may write and one that belongs to someone else. (Whether its disk
/// is a local one is the catalog's question.)
Result<> prepare_folders(const storage::Layout& layout);

}  // namespace modelkeep::app
