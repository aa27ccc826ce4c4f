#pragma once
// What the master knows and nobody else does: which children keep stopping, and why. Two files
// below run/:
//   status.json  for the workers' health answer: {"troubles":[{"role":"fetcher","reason":"..."}]}
//   health.json  what nginx sends for /api/health while no worker answers
#include <string>
#include <vector>

#include "app/config.h"
#include "app/supervisor.h"
#include "base/result.h"
#include "storage/layout.h"

namespace modelkeep::app {

std::string status_file(const storage::Layout& layout);
std::string health_file(const storage::Layout& layout);

std::string status_text(const std::vector<Trouble>& troubles);
/// A problem of the shape that /api/health has; nginx fills in the request's id (SSI).
std::string health_text(const Config& config, const std::vector<Trouble>& troubles);

Result<> write_status(const storage::Layout& layout, const Config& config,
                      const std::vector<Trouble>& troubles);

}  // namespace modelkeep::app
