#pragma once
// `modelkeepd adopt`: takes over what lies on the mount, beside the running service or without it,
// and reports what it could not use.
#include "app/config.h"
#include "base/result.h"
#include "storage/layout.h"

namespace modelkeep::app {

/// `list_only`: say what there is and touch nothing.
Result<> run_adopt(const Config& config, bool list_only);

/// For the start: one line when there is something to adopt. It is never done unasked, for it may
/// hash terabytes.
void say_what_waits_for_adoption(const storage::Layout& layout);

}  // namespace modelkeep::app
