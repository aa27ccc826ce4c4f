#pragma once
// The libcurl implementation of Transport. This header is all that the rest sees of it.
#include <memory>
#include <string>
#include <vector>

#include "net/addresses.h"
#include "net/transport.h"

namespace modelkeep::net {

/// Where requests may go.
struct Egress {
  // Requests start here, and its host may always be redirected to. Empty: no address and no host is
  // checked, and redirects stay on the host that was asked. A client of our own server wants that.
  std::string endpoint{};
  std::vector<std::string> allow_hosts{};
  std::vector<Cidr> allow_cidrs{};
  std::string proxy{};    // From the configuration only; the environment's is ignored.
  std::string ca_file{};  // Trusted besides the system's own.
};

Result<std::unique_ptr<Transport>> make_curl_transport(Egress egress, std::string user_agent);

}  // namespace modelkeep::net
