#pragma once
// What each fault does to the answer it strikes, or to the repository it is about.
#include <string_view>

#include "tests/hub/faults.h"
#include "tests/hub/message.h"
#include "tests/hub/site.h"
#include "tests/hub/wire.h"

namespace modelkeep::standin {

/// Bends the answer, and the way its bytes leave. Content-Length is set when this returns, or left
/// out on purpose.
void strike(const Fault& fault, const Site& site, const Request& request, Answer& answer,
            Wire& wire);

/// For faults that are events (is_event).
void strike_repo(const Fault& fault, Site& site, std::string_view repo);

}  // namespace modelkeep::standin
