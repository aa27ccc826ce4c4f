#pragma once
// Downloads that clients wait for at the hub door: each gets a thread at once, whatever the slots
// of the others are.
#include <stop_token>

#include "fetch/bell.h"
#include "fetch/surroundings.h"

namespace modelkeep::fetch {

/// The thread's body: claims them and runs them on threads of its own.
void keep_stream_crew(const Surroundings& around, sqlite::Connection& db, Bell& bell,
                      std::stop_token stop);

}  // namespace modelkeep::fetch
