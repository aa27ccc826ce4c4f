#pragma once
// The files of a model: one, as an attachment that nginx sends.
#include <span>

#include "api/route.h"

namespace modelkeep::api {

std::span<const Route> model_file_routes();

}  // namespace modelkeep::api
