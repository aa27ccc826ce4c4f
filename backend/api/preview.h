#pragma once
// What asking for a model would mean, before a byte moves.
#include <span>

#include "api/route.h"

namespace modelkeep::api {

std::span<const Route> preview_routes();

}  // namespace modelkeep::api
