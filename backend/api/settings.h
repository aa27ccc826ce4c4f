#pragma once
// GET and PUT /api/settings: what holds, from where, who changed it.
#include <span>

#include "api/route.h"

namespace modelkeep::api {

std::span<const Route> settings_routes();

}  // namespace modelkeep::api
