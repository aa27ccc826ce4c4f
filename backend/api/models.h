#pragma once
// Models: list, look at, change, delete.
#include <span>

#include "api/route.h"

namespace modelkeep::api {

std::span<const Route> model_routes();

}  // namespace modelkeep::api
