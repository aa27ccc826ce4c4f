#pragma once
// Asking for a model.
#include <span>

#include "api/route.h"

namespace modelkeep::api {

std::span<const Route> model_download_routes();

}  // namespace modelkeep::api
