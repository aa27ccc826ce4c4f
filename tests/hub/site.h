#pragma once
// What every answer needs to know of the hub it is given by.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/hub/repos.h"

namespace modelkeep::standin {

struct Site {
  Repos repos;
  std::string hub_url;   ///< http://127.0.0.1:PORT
  std::string cdn_url;   ///< Where signed URLs lead.
  std::string sink_url;  ///< Where nothing should go.
  std::string tls_url;   ///< https, with a certificate that nobody should accept.
  std::size_t tree_page = 50;
  std::int64_t url_lifetime_s = 3600;
};

}  // namespace modelkeep::standin
