#pragma once
// Takes off the mount what the rows no longer name: a deleted model's folder, another revision's,
// the staging of a cancelled download. Renames only; the sweep unlinks afterwards.
#include <string_view>

#include "base/file_lock.h"
#include "fetch/surroundings.h"

namespace modelkeep::fetch {

/// All that wait. Those whose folder or download someone is working on are left for the next time.
Result<int> execute_removals(const Surroundings& around, sqlite::Connection& db);

/// Before anything is published in the model's folder: its removals were asked for earlier.
/// `folder` is its lock.
Result<> execute_removals_of(const Surroundings& around, sqlite::Connection& db,
                             std::string_view model_id, const FileLock& folder);

}  // namespace modelkeep::fetch
