#pragma once
// Where the token for the Hub comes from. Read anew for each download, so that one set later needs
// no restart.
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/result.h"

namespace modelkeep::upstream {

struct Token {
  std::string value{};
  std::string source{};  // "HF_TOKEN", "HUGGINGFACE_TOKEN", "token_file" or "hub_cli"
};

using Environment = std::function<std::optional<std::string>(std::string_view name)>;
Environment process_environment();

/// The first that is set, in that order; an empty one counts as not set. setting_invalid when a
/// token cannot be sent, or when others may read `token_file`.
Result<std::optional<Token>> discover_token(const Environment& environment, Files& files,
                                            const std::string& token_file);

}  // namespace modelkeep::upstream
