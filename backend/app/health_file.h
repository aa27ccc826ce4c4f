#pragma once
// What nginx sends for /api/health while no worker answers: the master knows then who keeps
// stopping, and why.
#include <string>
#include <vector>

#include "app/config.h"
#include "app/supervisor.h"
#include "storage/layout.h"

namespace modelkeep::app {

std::string health_file(const storage::Layout& layout);

/// A problem of the shape that /api/health has; nginx fills in the request's id (SSI).
std::string health_text(const Config& config, const std::vector<Trouble>& troubles);

}  // namespace modelkeep::app
