#include "net/header_values.h"

#include <limits>

#include <curl/curl.h>

#include "base/text.h"

namespace modelkeep::net {
namespace {

std::optional<std::int64_t> parse_count(std::string_view text) {
  const auto number = parse_decimal(text);
  if (!number || *number > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

// The text before `mark`; `rest` moves past it.
std::optional<std::string_view> cut(std::string_view& rest, char mark) {
  const auto at = rest.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return before;
}

bool is_next(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto end = parameters.find(';');
    const std::string_view one = trim(parameters.substr(0, end));
    if (one == "rel=\"next\"" || one == "rel=next") return true;
    if (end == std::string_view::npos) return false;
    parameters.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace

std::optional<ContentRange> parse_content_range(std::string_view value) {
  std::string_view rest = trim(value);
  if (!rest.starts_with("bytes ")) return std::nullopt;
  rest = trim(rest.substr(6));
  const auto first = cut(rest, '-');
  if (!first) return std::nullopt;
  const auto last = cut(rest, '/');
  if (!last) return std::nullopt;
  const auto first_number = parse_decimal(*first);
  const auto last_number = parse_decimal(*last);
  if (!first_number || !last_number || *last_number < *first_number) return std::nullopt;
  ContentRange range{*first_number, *last_number, std::nullopt};
  if (rest == "*") return range;
  range.total = parse_decimal(rest);
  if (!range.total || *range.total <= range.last) return std::nullopt;
  return range;
}

std::optional<std::uint64_t> parse_content_length(std::string_view value) {
  return parse_decimal(trim(value));
}

std::optional<std::int64_t> parse_retry_after(std::string_view value, std::int64_t now_unix) {
  const std::string text(trim(value));
  if (const auto seconds = parse_count(text)) return seconds;
  if (text.empty() || (text.front() >= '0' && text.front() <= '9') || text.front() == '-')
    return std::nullopt;
  const std::int64_t date = curl_getdate(text.c_str(), nullptr);
  if (date < 0) return std::nullopt;
  return date > now_unix ? date - now_unix : 0;
}

std::optional<RateLimit> parse_rate_limit(std::string_view value) {
  std::optional<std::int64_t> remaining;
  std::optional<std::int64_t> reset;
  while (!value.empty()) {
    const auto end = value.find(';');
    const std::string_view one = trim(value.substr(0, end));
    if (one.starts_with("r=")) remaining = parse_count(one.substr(2));
    if (one.starts_with("t=")) reset = parse_count(one.substr(2));
    if (end == std::string_view::npos) break;
    value.remove_prefix(end + 1);
  }
  if (!remaining || !reset) return std::nullopt;
  return RateLimit{*remaining, *reset};
}

std::optional<std::string> parse_link_next(std::string_view value) {
  while (true) {
    const auto open = value.find('<');
    if (open == std::string_view::npos) return std::nullopt;
    const auto close = value.find('>', open);
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view target = value.substr(open + 1, close - open - 1);
    const auto next_link = value.find(',', close);
    const std::string_view parameters =
        value.substr(close + 1, next_link == std::string_view::npos ? std::string_view::npos
                                                                    : next_link - close - 1);
    if (is_next(parameters)) return std::string(target);
    if (next_link == std::string_view::npos) return std::nullopt;
    value.remove_prefix(next_link);
  }
}

std::string_view plain_etag(std::string_view value) {
  value = trim(value);
  if (value.starts_with("W/")) value.remove_prefix(2);
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    return value.substr(1, value.size() - 2);
  return value;
}

}  // namespace modelkeep::net
