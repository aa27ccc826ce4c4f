#include "cli/server_url.h"

#include "base/text.h"
#include "cli/command.h"
#include "cli/terminal_text.h"
#include "net/url.h"

namespace modelkeep::cli {
namespace {

constexpr std::size_t kUrlBytesMax = 2048;

std::string reason_against(std::string_view text) {
  const std::string lower = lower_ascii(text);
  if (text.empty()) return "it is empty";
  if (text.size() > kUrlBytesMax) return "it is too long";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F)
      return "it has a space or a control character";
  }
  if (lower.find("://") == std::string::npos) return "did you mean http://" + lower + "?";
  if (!lower.starts_with("http://") && !lower.starts_with("https://")) {
    return "it must start with http:// or https://";
  }
  if (text.find_first_of("?#") != std::string_view::npos) return "it must not have a ? or #";
  return {};
}

}  // namespace

Result<std::string> server_url(std::string_view text, std::string_view where) {
  const auto refuse = [&](std::string_view reason) {
    return wrong_usage("the server '" + shown(clipped(text, 100)) + "' from " + std::string{where} +
                       " is no address: " + std::string{reason});
  };
  const std::string reason = reason_against(text);
  if (!reason.empty()) return refuse(shown(clipped(reason, 200)));
  const Result<net::Url> url = net::parse_url(text);
  if (!url) return refuse(url.error().message);
  if (url->has_user) return refuse("it must not hold a user or password");
  std::string result{text};
  while (result.ends_with('/')) result.pop_back();
  return result;
}

}  // namespace modelkeep::cli
