#pragma once
// Who takes what: a job thread's loop over the queue, and the recovery of downloads whose fetcher
// died.
#include <cstdint>
#include <map>
#include <stop_token>

#include "fetch/bell.h"
#include "fetch/crew.h"
#include "fetch/surroundings.h"

namespace modelkeep::fetch {

/// A job thread's body: takes a slot, claims, takes the download's lock file, runs it. While every
/// slot is taken it plans ahead: one of those that wait is resolved, so that its size is known, its
/// space is promised or refused, and a name that upstream does not know fails at once.
void work_on_queue(const Surroundings& around, sqlite::Connection& db, SlotBook& slots, Bell& bell,
                   std::stop_token stop);

/// Puts rows back into the queue that say someone works on them while their lock file is free. A
/// row counts only when it is found so twice, since a claim is written just before its lock is
/// taken.
class Recovery {
 public:
  Result<int> look(const storage::Layout& layout, sqlite::Connection& db);

 private:
  std::map<std::int64_t, std::int64_t> suspects_;  // Download to epoch.
};

}  // namespace modelkeep::fetch
