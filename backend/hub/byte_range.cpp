#include "hub/byte_range.h"

#include <algorithm>

#include "base/text.h"

namespace modelkeep::hub {

WantedBytes wanted_bytes(std::string_view range, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  const WantedBytes whole{WantedBytes::Kind::whole, 0, size};
  if (range.size() < kUnit.size() || !equals_ignoring_case(range.substr(0, kUnit.size()), kUnit))
    return whole;
  range = trim(range.substr(kUnit.size()));
  const auto dash = range.find('-');
  if (dash == std::string_view::npos || range.find(',') != std::string_view::npos) return whole;
  const std::string_view first = trim(range.substr(0, dash));
  const std::string_view last = trim(range.substr(dash + 1));
  if (first.empty()) {
    const auto count = parse_decimal(last);
    if (!count) return whole;
    if (*count == 0) return {WantedBytes::Kind::none, 0, 0};
    return {WantedBytes::Kind::part, size - std::min(*count, size), size};
  }
  const auto begin = parse_decimal(first);
  const auto end = last.empty() ? std::optional(size) : parse_decimal(last);
  if (!begin || !end || (!last.empty() && *end < *begin)) return whole;
  if (*begin >= size) return {WantedBytes::Kind::none, 0, 0};
  const std::uint64_t stop = last.empty() || *end >= size ? size : *end + 1;
  return {WantedBytes::Kind::part, *begin, stop};
}

}  // namespace modelkeep::hub
