#include "cli/units.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "base/text.h"
#include "base/time_text.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli {

std::string size_text(std::int64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  constexpr std::array kUnits = {"kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes) / 1000.0;
  std::size_t unit = 0;
  // 999.95 would be printed as 1000.0, so it already belongs to the next unit.
  while (value >= 999.95 && unit + 1 < kUnits.size()) {
    value /= 1000.0;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s", value, kUnits.at(unit));
  return text.data();
}

std::string duration_text(std::int64_t seconds) {
  std::array<char, 48> text{};
  const auto s = static_cast<long long>(seconds < 0 ? 0 : seconds);
  if (s < 60) {
    std::snprintf(text.data(), text.size(), "%lld s", s);
  } else if (s < 3600) {
    std::snprintf(text.data(), text.size(), "%lld min %02lld s", s / 60, s % 60);
  } else if (s < 86400) {
    std::snprintf(text.data(), text.size(), "%lld h %02lld min", s / 3600, s / 60 % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%lld d %lld h", s / 86400, s / 3600 % 24);
  }
  return text.data();
}

std::string time_text(std::string_view rfc3339) {
  const std::optional<Time> time = parse_rfc3339(rfc3339);
  if (!time) return shown(rfc3339);
  const auto seconds = static_cast<std::time_t>(time->ms / 1000);
  std::tm local{};
  std::array<char, 32> text{};
  if (localtime_r(&seconds, &local) == nullptr ||
      std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &local) == 0) {
    return shown(rfc3339);
  }
  return text.data();
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string count_text(std::int64_t count, std::string_view one, std::string_view many) {
  return grouped(count) + " " + std::string{count == 1 ? one : many};
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  text = trim(text);
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc{} || !(number >= 0)) return std::nullopt;
  const std::string unit = lower_ascii(trim({end, text.data() + text.size()}));
  constexpr std::array<std::string_view, 5> kPrefixes = {"", "k", "m", "g", "t"};
  double factor = 1;
  double binary_factor = 1;
  for (const std::string_view prefix : kPrefixes) {
    const std::string start{prefix};
    const bool bare =
        prefix.empty() ? unit == "b" || unit.empty() : unit == start || unit == start + "b";
    const bool binary = !prefix.empty() && unit == start + "ib";
    if (bare || binary) {
      const double bytes = number * (binary ? binary_factor : factor);
      if (bytes > 9.2e18) return std::nullopt;
      return std::llround(bytes);
    }
    factor *= 1000;
    binary_factor *= 1024;
  }
  return std::nullopt;
}

}  // namespace modelkeep::cli
