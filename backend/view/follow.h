#pragma once
// Brings the whole view to what the rows say: models that are stored already, adopted, renamed or
// changed by someone who then died. A chore of the fetcher that holds locks/upkeep.lock.
#include <cstdint>
#include <unordered_map>

#include "base/files.h"
#include "sqlite/connection.h"
#include "storage/layout.h"

namespace modelkeep::view {

/// The version at which each model was looked at. Emptied, all are looked at again.
using Seen = std::unordered_map<std::int64_t, std::int64_t>;

/// Looks at every model that has another version than when it was seen, and takes away what no
/// model has. What fails is logged and tried again once it is no longer in `seen`. storage_missing.
Result<> follow_rows(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                     Seen& seen);

/// Takes away what someone who died was building.
Result<> sweep_asides(Files& files, const storage::Layout& layout);

}  // namespace modelkeep::view
