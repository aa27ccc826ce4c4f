#pragma once
// Whether the store can serve.
#include <span>

#include "api/route.h"

namespace modelkeep::api {

std::span<const Route> health_routes();

}  // namespace modelkeep::api
