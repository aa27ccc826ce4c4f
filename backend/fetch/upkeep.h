#pragma once
// What one fetcher does for all: recovery, and removals that nobody executed.
#include <atomic>
#include <stop_token>

#include "fetch/bell.h"
#include "fetch/surroundings.h"

namespace modelkeep::fetch {

/// The thread's body. It waits for locks/upkeep.lock and then keeps it, so that of any number of
/// fetchers one does this work, and another takes over within a second of its death. `keeps_up`
/// says whether this is the one.
void keep_up(const Surroundings& around, sqlite::Connection& db, Bell& bell,
             std::atomic<bool>& keeps_up, std::stop_token stop);

}  // namespace modelkeep::fetch
