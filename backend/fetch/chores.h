#pragma once
// The chores that app/ gives, one after the other, in a thread of their own: to check a large
// database or to empty a full trash takes minutes, and nobody who was killed waits for that.
#include <atomic>
#include <stop_token>
#include <vector>

#include "fetch/fetcher.h"

namespace modelkeep::fetch {

/// The thread's body. Works only while `keeps_up`: while this fetcher holds locks/upkeep.lock.
void do_chores(const std::vector<Chore>& chores, sqlite::Connection& db, Clock& clock,
               const std::atomic<bool>& keeps_up, std::stop_token stop);

}  // namespace modelkeep::fetch
