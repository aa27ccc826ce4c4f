#include "hub/page.h"

#include <algorithm>
#include <charconv>

#include "base/digest.h"
#include "base/text.h"
#include "http/path.h"

namespace modelkeep::hub {
namespace {

constexpr std::size_t kCursorHexMax = 4'096;

std::string to_hex(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 0xF];
  }
  return hex;
}

}  // namespace

Result<std::size_t> page_limit(const http::Query& query, std::size_t max) {
  const auto values = query.all("limit");
  if (values.empty()) return max;
  const auto asked = parse_decimal(values.back());
  if (!asked || *asked == 0) {
    return fail(ErrorKind::invalid, codes::page_invalid, "limit must be a number from 1 on.");
  }
  return std::min<std::size_t>(*asked, max);
}

Result<std::string> page_cursor(const http::Query& query) {
  const auto values = query.all("cursor");
  if (values.empty()) return std::string{};
  const std::string& hex = values.back();
  if (hex.empty() || hex.size() > kCursorHexMax || hex.size() % 2 != 0 ||
      !is_lower_hex(hex, hex.size()))
    return bad_cursor();
  std::string text;
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    unsigned byte = 0;
    std::from_chars(hex.data() + at, hex.data() + at + 2, byte, 16);
    text += static_cast<char>(byte);
  }
  return text;
}

tl::unexpected<Error> bad_cursor() {
  return fail(ErrorKind::invalid, codes::page_invalid, "Invalid cursor");
}

void add_next_page(const Visit& visit, std::string_view cursor, http::Response& response) {
  const http::Target target = http::split_target(visit.request.target);
  std::string_view path = target.path;
  path.remove_prefix(visit.prefix.size());
  std::string url = own_url(visit) + std::string{path} + '?';
  for (const std::string_view pair : split(target.query, '&')) {
    if (pair.empty() || pair.starts_with("cursor=")) continue;
    url.append(pair).append("&");
  }
  url.append("cursor=").append(to_hex(cursor));
  // What would end the address early cannot be in one that a client could send; be sure all the
  // same.
  std::replace(url.begin(), url.end(), '>', '_');
  response.headers.push_back({"Link", '<' + url + ">; rel=\"next\""});
}

}  // namespace modelkeep::hub
