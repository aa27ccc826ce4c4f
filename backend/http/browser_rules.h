#pragma once
// What protects the store from pages in its users' browsers. In open mode the network position is
// the credential, so a hostile page must neither write (Origin, Sec-Fetch-Site, content type) nor
// read by DNS rebinding (Host).
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/request.h"

namespace modelkeep::http {

/// Names under which the store may be addressed, lower case, besides IP literals and localhost.
struct HostNames {
  std::vector<std::string> names;
};

/// The machine's own names: hostname, and its part before the first dot.
HostNames machine_names();

/// host_unknown unless Host is an IP literal, localhost or one of `names`. A rebinding attack needs
/// a name.
Result<> check_host(const Request& request, const HostNames& names);

/// header_duplicate: of a header sent twice, two programs may each read another one.
Result<> check_headers(const Request& request);

bool changes_state(std::string_view method);

/// origin_forbidden for a state change that another page began. Programs send neither header and
/// pass.
Result<> check_origin(const Request& request);

/// media_type_unsupported unless the body, where there is one, is declared as JSON: no plain form
/// can say so.
Result<> check_content_type(const Request& request);

}  // namespace modelkeep::http
