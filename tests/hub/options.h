#pragma once
// The command line of standin_hub.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tests/hub/standin_hub.h"

namespace modelkeep::standin {

/// `--make ID=PATH:SIZE[:COUNT]`: a generated repository, for measurements.
struct MadeRepo {
  std::string id;
  std::string path;  ///< With COUNT above one, a number comes before the extension.
  std::uint64_t size_bytes = 0;
  std::uint64_t count = 1;
};

struct Options {
  HubOptions hub;
  std::vector<std::string> catalogs;
  std::vector<MadeRepo> made;
  std::vector<std::string> faults;  ///< JSON, as POST /_standin/faults takes it.
  std::string data_dir;
  bool exit_with_parent = false;
  bool help = false;
};
Result<Options> parse_options(const std::vector<std::string_view>& arguments);
std::string_view usage();

/// "64KiB", "2GiB", "4MB", "12000": bytes.
Result<std::uint64_t> parse_size(std::string_view text);

}  // namespace modelkeep::standin
