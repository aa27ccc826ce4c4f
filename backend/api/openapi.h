#pragma once
// The description of this API, docs/openapi.json as it was when the binary was built.
#include <span>

#include "api/route.h"

namespace modelkeep::api {

std::span<const Route> openapi_routes();

}  // namespace modelkeep::api
