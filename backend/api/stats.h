#pragma once
// The store in figures.
#include <span>

#include "api/route.h"

namespace modelkeep::api {

std::span<const Route> stats_routes();

}  // namespace modelkeep::api
