#pragma once
// The names that the service answers to, for nginx and for the workers alike.
#include "app/config.h"
#include "http/browser_rules.h"

namespace modelkeep::app {

/// This machine's own names and those of the setting server.names, lower case, each once.
http::HostNames host_names(const Config& config);

}  // namespace modelkeep::app
