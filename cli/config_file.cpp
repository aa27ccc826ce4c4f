#include "cli/config_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <toml.hpp>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli {
namespace {

constexpr std::size_t kFileBytesMax = 64 * 1024;

struct SmallFile {
  std::string text;
  bool private_to_us = true;
};

Result<SmallFile> read_small(const std::string& path, const Fd& file) {
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return wrong_usage(shown(path) + ": " + std::strerror(errno));
  SmallFile result;
  // The mode says nothing about a pipe: only we and who made it hold its ends.
  if (S_ISREG(info.st_mode)) {
    result.private_to_us =
        (info.st_mode & 077U) == 0 && (info.st_uid == geteuid() || geteuid() == 0);
  }
  std::array<char, 4096> block{};
  for (;;) {
    const ssize_t count = ::read(file.get(), block.data(), block.size());
    if (count == 0) return result;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return wrong_usage(shown(path) + " cannot be read: " + std::strerror(errno));
    result.text.append(block.data(), static_cast<std::size_t>(count));
    if (result.text.size() > kFileBytesMax) return wrong_usage(shown(path) + " is too long");
  }
}

tl::unexpected<Error> open_to_others(const std::string& path) {
  return wrong_usage(shown(path) + " holds a token and others may read it; run chmod 600 " +
                     shown(path));
}

Result<ConfigFile> parse_config(const std::string& path, const std::string& text) {
  ConfigFile result;
  try {
    std::istringstream stream(text);
    const toml::value root = toml::parse(stream, path);
    for (const auto& [key, value] : root.as_table()) {
      if (key != "server" && key != "token") {
        return wrong_usage(shown(path) + ": unknown key '" + shown(key) +
                           "'; known are server and token");
      }
      if (!value.is_string())
        return wrong_usage(shown(path) + ": " + key + " must be a text in quotes");
      (key == "server" ? result.server : result.token) = value.as_string().str;
    }
  } catch (const std::exception&) {
    // toml11 reports by exception, over several lines, and quotes the file, which may hold the
    // token.
    return wrong_usage(shown(path) +
                       " is not TOML; it should read like: server = \"http://gpu1:5000\"");
  }
  return result;
}

}  // namespace

Result<ConfigFile> read_config_file(const std::string& path) {
  const Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return ConfigFile{};
    return wrong_usage(shown(path) + " cannot be opened: " + std::strerror(errno));
  }
  const SmallFile content = TRY(read_small(path, file));
  ConfigFile config = TRY(parse_config(path, content.text));
  if (config.token && !content.private_to_us) return open_to_others(path);
  return config;
}

Result<std::string> read_token_file(const std::string& path) {
  const Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file)
    return wrong_usage("the token file " + shown(path) +
                       " cannot be opened: " + std::strerror(errno));
  const SmallFile content = TRY(read_small(path, file));
  if (!content.private_to_us) return open_to_others(path);
  return checked_token(trim(content.text), path);
}

Result<std::string> checked_token(std::string_view token, std::string_view where) {
  bool fine = !token.empty() && token.size() <= 1024;
  for (const char c : token) fine = fine && c > 0x20 && c < 0x7F;
  if (!fine)
    return wrong_usage("what " + shown(where) +
                       " holds is no token: one word of letters and digits is");
  return std::string{token};
}

}  // namespace modelkeep::cli
