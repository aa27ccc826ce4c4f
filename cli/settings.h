#pragma once
// Which server, and with which token.
#include <optional>
#include <string>

#include "base/result.h"
#include "cli/output.h"

namespace modelkeep::cli {

struct Settings {
  std::string server;
  std::string token;  ///< Empty when there is none.
};

/// What the command line said about both.
struct Said {
  std::optional<std::string> server;
  std::optional<std::string> token_file;
};

/// Server: the command line, MODELKEEP_SERVER, the file, http://localhost:5000. Token:
/// MODELKEEP_TOKEN, the token file, the file. A file that says who we are is only trusted when
/// nobody else can read it.
Result<Settings> find_settings(const Said& said, const Environment& environment);

}  // namespace modelkeep::cli
