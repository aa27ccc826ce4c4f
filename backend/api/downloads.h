#pragma once
// Downloads: list, look at, pause, resume, cancel, retry, order.
#include <span>

#include "api/route.h"

namespace modelkeep::api {

std::span<const Route> download_routes();

}  // namespace modelkeep::api
