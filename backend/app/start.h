#pragma once
// The order in which a process of the service comes up. `run` starts the whole; the other roles are
// started by its master, or by systemd units.
#include <string>
#include <vector>

#include "base/result.h"

namespace modelkeep::app {

/// Settings, folders, locks, database, then the master until it is told to stop.
Result<> start_service();

}  // namespace modelkeep::app
