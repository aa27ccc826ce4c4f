#pragma once
// Brings to its end what needs no upstream: a pushed revision, whose files are staged, and an
// import whose process died when every file was in.
#include <stop_token>

#include "fetch/bell.h"
#include "fetch/surroundings.h"

namespace modelkeep::fetch {

/// A thread's body. Nobody waits for a slot here: it takes links and one rename.
void work_on_local(const Surroundings& around, sqlite::Connection& db, Bell& bell,
                   std::stop_token stop);

/// The next that waits, if there is one; false when there is none.
Result<bool> finish_next_local(const Surroundings& around, sqlite::Connection& db);

}  // namespace modelkeep::fetch
