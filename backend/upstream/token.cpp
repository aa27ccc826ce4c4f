#include "upstream/token.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <sys/stat.h>

#include "base/error_codes.h"
#include "base/text.h"

namespace modelkeep::upstream {
namespace {

constexpr std::uint64_t kTokenFileBytesMax = 4096;

Result<std::optional<Token>> checked(std::string_view text, std::string source) {
  const std::string_view value = trim(text);
  if (value.empty()) return std::nullopt;
  const bool sendable =
      std::all_of(value.begin(), value.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!sendable) {
    return fail(ErrorKind::invalid, codes::setting_invalid,
                source + " holds no token: it has blanks or control characters.");
  }
  return Token{std::string(value), std::move(source)};
}

Result<> refuse_if_others_read(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return {};
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) == 0) return {};
  return fail(ErrorKind::invalid, codes::setting_invalid,
              "The file that upstream.token_file names can be read by others: chmod 600 it.");
}

std::optional<std::string> hub_cli_token_path(const Environment& environment) {
  if (const auto off = environment("HF_HUB_DISABLE_IMPLICIT_TOKEN"); off && *off == "1")
    return std::nullopt;
  if (auto path = environment("HF_TOKEN_PATH"); path && !path->empty()) return path;
  if (auto home = environment("HF_HOME"); home && !home->empty()) return *home + "/token";
  if (auto cache = environment("XDG_CACHE_HOME"); cache && !cache->empty())
    return *cache + "/huggingface/token";
  if (auto home = environment("HOME"); home && !home->empty())
    return *home + "/.cache/huggingface/token";
  return std::nullopt;
}

}  // namespace

Environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

Result<std::optional<Token>> discover_token(const Environment& environment, Files& files,
                                            const std::string& token_file) {
  for (const char* name : {"HF_TOKEN", "HUGGINGFACE_TOKEN"}) {
    const auto value = environment(name);
    if (!value) continue;
    if (auto token = TRY(checked(*value, name))) return token;
  }
  if (!token_file.empty()) {
    TRY(refuse_if_others_read(token_file));
    const std::string text = TRY(read_file(files, token_file, kTokenFileBytesMax));
    if (auto token = TRY(checked(text, "token_file"))) return token;
  }
  const auto path = hub_cli_token_path(environment);
  if (!path) return std::nullopt;
  // Another program's file: that it is absent or unreadable is no fault of our settings.
  const auto text = read_file(files, *path, kTokenFileBytesMax);
  if (!text) return std::nullopt;
  return checked(*text, "hub_cli");
}

}  // namespace modelkeep::upstream
