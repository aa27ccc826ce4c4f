#include "app/host_names.h"

#include <algorithm>

#include "base/text.h"

namespace modelkeep::app {

http::HostNames host_names(const Config& config) {
  http::HostNames names;
  const auto add = [&names](const std::string& name) {
    const std::string lowered = lower_ascii(name);
    // A name goes into nginx's configuration; what is no host name could be a directive there.
    if (lowered.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_") != std::string::npos)
      return;
    if (lowered.empty() || lowered == "localhost") return;
    if (std::find(names.names.begin(), names.names.end(), lowered) == names.names.end()) {
      names.names.push_back(lowered);
    }
  };
  for (const std::string& name : http::machine_names().names) add(name);
  for (const std::string& name : config.server_names) add(name);
  return names;
}

}  // namespace modelkeep::app
