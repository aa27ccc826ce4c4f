#pragma once
// A listening unix socket that the master owns and its children inherit: requests wait in it while
// a worker is replaced, and none is refused.
#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace modelkeep::app {

/// Takes the place of a socket that an earlier life left there. 0660, in a folder that is ours
/// alone.
Result<Fd> listen_on_unix(const std::string& path);

/// Accepts and closes what waits, so that nginx says "unavailable" at once rather than after its
/// timeout. For a pool that has no living worker and will not have one soon.
void turn_away_waiting(const Fd& listener);

}  // namespace modelkeep::app
