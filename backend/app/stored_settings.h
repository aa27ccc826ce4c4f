#pragma once
// The settings that were made through the API, as load_config wants them.
#include "app/config.h"
#include "base/result.h"
#include "storage/layout.h"

namespace modelkeep::app {

/// Those of the database that `sources` lead to; none when there is no database that can be read,
/// for a process must come up to say what is wrong with it.
ConfigSources with_stored_settings(ConfigSources sources);

}  // namespace modelkeep::app
