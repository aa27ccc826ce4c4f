#include "base/time_text.h"

#include <array>
#include <charconv>
#include <cstdio>

#include <time.h>

namespace modelkeep {
namespace {

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

std::string formatted(Time time, bool with_ms) {
  const time_t seconds = static_cast<time_t>(floor_div(time.ms, 1000));
  struct tm parts {};
  gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  std::size_t length = strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (with_ms) {
    const int ms = static_cast<int>(time.ms - static_cast<std::int64_t>(seconds) * 1000);
    length += static_cast<std::size_t>(
        std::snprintf(text.data() + length, text.size() - length, ".%03d", ms));
  }
  text[length++] = 'Z';
  return std::string(text.data(), length);
}

/// Reads exactly `digits` digits and drops them from `text`.
std::optional<int> number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc{} || end != text.data() + digits || text.front() == '-')
    return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool drop(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

struct TimeOfDay {
  int hour, minute, second;
};

/// "10:30:00"
std::optional<TimeOfDay> time_of_day(std::string_view& text) {
  const auto hour = number(text, 2);
  if (!hour || !drop(text, ":")) return std::nullopt;
  const auto minute = number(text, 2);
  if (!minute || !drop(text, ":")) return std::nullopt;
  const auto second = number(text, 2);
  if (!second) return std::nullopt;
  return TimeOfDay{*hour, *minute, *second};
}

struct Civil {
  int year, month, day, hour, minute, second;
};

std::optional<Time> from_civil(const Civil& civil) {
  if (civil.month < 1 || civil.month > 12 || civil.day < 1 || civil.day > 31 || civil.hour > 23 ||
      civil.minute > 59 || civil.second > 60) {
    return std::nullopt;
  }
  struct tm parts {};
  parts.tm_year = civil.year - 1900;
  parts.tm_mon = civil.month - 1;
  parts.tm_mday = civil.day;
  parts.tm_hour = civil.hour;
  parts.tm_min = civil.minute;
  parts.tm_sec = civil.second;
  const time_t seconds = timegm(&parts);
  if (parts.tm_mday != civil.day) return std::nullopt;  // 31 April: timegm carried it into May.
  return Time{static_cast<std::int64_t>(seconds) * 1000};
}

std::optional<int> fraction_ms(std::string_view& text) {
  int ms = 0;
  int scale = 100;
  bool any = false;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    ms += (text.front() - '0') * scale;
    scale /= 10;
    any = true;
    text.remove_prefix(1);
  }
  if (!any) return std::nullopt;
  return ms;
}

std::optional<std::int64_t> zone_offset_ms(std::string_view& text) {
  if (text.empty() || drop(text, "Zz")) return 0;
  const bool west = text.front() == '-';
  if (!drop(text, "+-")) return std::nullopt;
  const auto hours = number(text, 2);
  if (!hours || !drop(text, ":")) return std::nullopt;
  const auto minutes = number(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t offset_ms = (*hours * 60 + *minutes) * 60'000LL;
  return west ? -offset_ms : offset_ms;
}

}  // namespace

std::string rfc3339(Time time) {
  return formatted(time, false);
}
std::string rfc3339_ms(Time time) {
  return formatted(time, true);
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  const auto year = number(text, 4);
  if (!year || !drop(text, "-")) return std::nullopt;
  const auto month = number(text, 2);
  if (!month || !drop(text, "-")) return std::nullopt;
  const auto day = number(text, 2);
  if (!day || !drop(text, "Tt ")) return std::nullopt;
  const auto clock = time_of_day(text);
  if (!clock) return std::nullopt;
  int ms = 0;
  if (drop(text, ".")) {
    const auto fraction = fraction_ms(text);
    if (!fraction) return std::nullopt;
    ms = *fraction;
  }
  const auto offset_ms = zone_offset_ms(text);
  if (!offset_ms || !text.empty()) return std::nullopt;
  auto time = from_civil({*year, *month, *day, clock->hour, clock->minute, clock->second});
  if (time) time->ms += ms - *offset_ms;
  return time;
}

std::optional<Time> parse_http_date(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  constexpr std::string_view kEnd = " GMT";
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != kEnd)
    return std::nullopt;
  text.remove_prefix(5);
  const auto day = number(text, 2);
  if (!day || !drop(text, " ")) return std::nullopt;
  const auto month_at = kMonths.find(text.substr(0, 3));
  if (month_at == std::string_view::npos || month_at % 3 != 0) return std::nullopt;
  text.remove_prefix(3);
  if (!drop(text, " ")) return std::nullopt;
  const auto year = number(text, 4);
  if (!year || !drop(text, " ")) return std::nullopt;
  const auto clock = time_of_day(text);
  if (!clock) return std::nullopt;
  const int month = static_cast<int>(month_at / 3) + 1;
  return from_civil({*year, month, *day, clock->hour, clock->minute, clock->second});
}

}  // namespace modelkeep
