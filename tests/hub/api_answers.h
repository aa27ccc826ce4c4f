#pragma once
// The calls under /api that are about repositories, not bytes.
#include "tests/hub/message.h"
#include "tests/hub/site.h"
#include "tests/hub/target.h"

namespace modelkeep::standin {

Answer answer_api(const Site& site, const Request& request, const Target& target);

}  // namespace modelkeep::standin
