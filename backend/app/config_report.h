#pragma once
// `modelkeepd config`: what is in force and from where, as TOML that can be used as a settings
// file.
#include <string>

#include "app/config.h"

namespace modelkeep::app {

std::string config_report(const LoadedConfig& loaded);

}  // namespace modelkeep::app
