#pragma once
// The TOML file that MODELKEEP_CONFIG names, flattened to the texts that the settings table reads.
#include <string>

#include "app/config.h"

namespace modelkeep::app {

/// "limits.downloads" -> "2"; arrays become comma-separated. `setting_invalid` names the file and
/// the line.
Result<Variables> read_config_file(const std::string& path);

}  // namespace modelkeep::app
