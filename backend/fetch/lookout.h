#pragma once
// Notices what upstream has beyond the folders: one model after the other is asked about, seldom,
// conditionally, and never all at once.
#include <stop_token>

#include "fetch/surroundings.h"

namespace modelkeep::fetch {

/// Looks after the model that was looked at longest ago, if it is due at `now`. False when none is.
/// An error when upstream could not be asked at all; the model is then still due.
Result<bool> look_for_newer(const Surroundings& around, sqlite::Connection& db, Time now);

/// The thread's body: of any number of fetchers the one that holds locks/lookout.lock looks.
void keep_lookout(const Surroundings& around, sqlite::Connection& db, std::stop_token stop);

}  // namespace modelkeep::fetch
