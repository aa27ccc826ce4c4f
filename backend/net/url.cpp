#include "net/url.h"

#include <curl/curl.h>

#include "base/error_codes.h"
#include "base/handle.h"
#include "base/text.h"

namespace modelkeep::net {
namespace {

using CurlUrl = Handle<CURLU, curl_url_cleanup>;
using CurlText = Handle<char, curl_free>;

constexpr std::size_t kUrlSizeMax = 16 * 1024;  // Signed addresses are long, a few KiB at most.

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* raw = nullptr;
  if (curl_url_get(url, part, &raw, flags) != CURLUE_OK) return {};
  const CurlText text(raw);
  return text.get();
}

bool has_control(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return false;
}

// Servers put spaces and raw UTF-8 into Location; both have one meaning in an address.
std::string escape_unwritable(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x80) {
      escaped += c;
    } else {
      escaped.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return escaped;
}

Result<Url> read(CURLU* handle) {
  Url url;
  url.scheme = lower_ascii(part_of(handle, CURLUPART_SCHEME));
  url.host = lower_ascii(part_of(handle, CURLUPART_HOST));
  url.port = part_of(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  url.text = part_of(handle, CURLUPART_URL);
  url.has_user =
      !part_of(handle, CURLUPART_USER).empty() || !part_of(handle, CURLUPART_PASSWORD).empty();
  if (url.host.size() >= 2 && url.host.front() == '[')
    url.host = url.host.substr(1, url.host.size() - 2);
  // "hub.example." is the same host as "hub.example": one spelling, or a list could be walked
  // around.
  if (url.host.size() > 1 && url.host.back() == '.') url.host.pop_back();
  if (url.host.empty())
    return fail(ErrorKind::invalid, codes::url_invalid, "The address has no host.");
  return url;
}

Result<Url> parse_at(CURLU* handle, std::string_view text) {
  const auto refused = [] {
    return fail(ErrorKind::invalid, codes::url_invalid, "This is not an address.");
  };
  if (text.empty() || text.size() > kUrlSizeMax || has_control(text)) return refused();
  const std::string terminated = escape_unwritable(text);
  // NON_SUPPORT_SCHEME: which schemes are fine is for the caller's rules to say, with their own
  // words.
  if (curl_url_set(handle, CURLUPART_URL, terminated.c_str(), CURLU_NON_SUPPORT_SCHEME) !=
      CURLUE_OK) {
    return refused();
  }
  return read(handle);
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  const CurlUrl handle(curl_url());
  if (!handle) return fail(ErrorKind::internal, codes::internal_error, "Out of memory.");
  return parse_at(handle.get(), text);
}

Result<Url> resolve_url(std::string_view base, std::string_view reference) {
  const CurlUrl handle(curl_url());
  if (!handle) return fail(ErrorKind::internal, codes::internal_error, "Out of memory.");
  TRY(parse_at(handle.get(), base));
  return parse_at(handle.get(), reference);
}

bool same_origin(const Url& one, const Url& other) {
  return one.scheme == other.scheme && one.host == other.host && one.port == other.port;
}

std::string without_secrets(std::string_view url) {
  std::string_view kept = url.substr(0, url.find_first_of("?#"));
  const auto scheme_end = kept.find("://");
  if (scheme_end == std::string_view::npos) return std::string(kept);
  const auto authority = scheme_end + 3;
  const auto slash = kept.find('/', authority);
  const auto at = kept.substr(0, slash).rfind('@');
  if (at == std::string_view::npos || at < authority) return std::string(kept);
  return std::string(kept.substr(0, authority)).append(kept.substr(at + 1));
}

}  // namespace modelkeep::net
