#pragma once
// Revisions of a model: which are held, taking one away, fetching what upstream has by now.
#include <span>

#include "api/route.h"

namespace modelkeep::api {

std::span<const Route> revision_routes();

}  // namespace modelkeep::api
