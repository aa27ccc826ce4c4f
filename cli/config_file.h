#pragma once
// ~/.config/modelkeep/config.toml: keys server and token.
#include <optional>
#include <string>

#include "base/result.h"

namespace modelkeep::cli {

struct ConfigFile {
  std::optional<std::string> server;
  std::optional<std::string> token;
};

/// Empty when there is no such file. Refused: unknown keys, and a file with a token that others may
/// read.
Result<ConfigFile> read_config_file(const std::string& path);

/// The first line of a token file, refused when others may read it. Pipes (process substitution)
/// are taken as they are.
Result<std::string> read_token_file(const std::string& path);

/// A token is one word of visible ASCII; anything else would break out of its header.
Result<std::string> checked_token(std::string_view token, std::string_view where);

}  // namespace modelkeep::cli
