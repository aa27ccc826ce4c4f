// Windows of limits as text, as the settings table, the configuration file and the environment hold
// them.
#include <algorithm>
#include <cstdio>
#include <limits>

#include "base/text.h"
#include "catalog/limits.h"

namespace modelkeep::catalog {
namespace {

constexpr std::uint64_t kNumberMax = std::numeric_limits<std::int64_t>::max();

auto wrong(std::string_view word, std::string_view what) {
  return fail(ErrorKind::invalid, codes::setting_invalid,
              "\"" + std::string(clipped(word, 100)) + "\" is not " + std::string(what));
}

std::optional<int> parse_day(std::string_view text) {
  const auto found = std::ranges::find(kDayNames, text);
  if (found == kDayNames.end()) return std::nullopt;
  return static_cast<int>(found - kDayNames.begin());
}

/// "mon-fri", "sat+sun", "wed".
std::optional<std::uint8_t> parse_days(std::string_view text) {
  unsigned days = 0;
  for (const std::string_view part : split(text, '+')) {
    const auto dash = part.find('-');
    const auto first = parse_day(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_day(part.substr(dash + 1));
    if (!first || !last) return std::nullopt;
    for (int day = *first;; day = (day + 1) % 7) {
      days |= 1U << day;
      if (day == *last) break;
    }
  }
  return static_cast<std::uint8_t>(days);
}

std::string days_text(std::uint8_t days) {
  std::string text;
  for (int day = 0; day < 7; ++day) {
    if ((days >> day & 1) == 0) continue;
    int last = day;
    while (last + 1 < 7 && (days >> (last + 1) & 1) != 0) ++last;
    if (!text.empty()) text += '+';
    text += kDayNames.at(static_cast<std::size_t>(day));
    if (last > day) text.append("-").append(kDayNames.at(static_cast<std::size_t>(last)));
    day = last;
  }
  return text;
}

Result<> read_hours(std::string_view word, LimitWindow& window) {
  const auto dash = word.find('-');
  const auto from = parse_clock(word.substr(0, dash));
  const auto to =
      dash == std::string_view::npos ? std::nullopt : parse_clock(word.substr(dash + 1));
  if (!from || !to) return wrong(word, "hours such as 08:00-20:00");
  window.from_minute = *from;
  window.to_minute = *to;
  return {};
}

Result<> read_limit(std::string_view word, LimitWindow& window) {
  const auto equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  const auto number =
      equals == std::string_view::npos ? std::nullopt : parse_decimal(word.substr(equals + 1));
  if (!number || *number > kNumberMax) return wrong(word, "a limit such as downloads=1");
  const auto small = static_cast<int>(std::min<std::uint64_t>(*number, 1'000'000));
  const auto large = static_cast<std::int64_t>(*number);
  if (name == "downloads") {
    window.downloads = small;
  } else if (name == "connections") {
    window.connections = small;
  } else if (name == "bytes_per_second") {
    window.bytes_per_second = large;
  } else if (name == "bytes_per_second_per_download") {
    window.bytes_per_second_per_download = large;
  } else {
    return wrong(word, "a limit that a window can set");
  }
  return {};
}

Result<LimitWindow> parse_window(std::string_view text) {
  LimitWindow window;
  bool has_hours = false;
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    if (word.find('=') != std::string_view::npos) {
      TRY(read_limit(word, window));
    } else if (word.find(':') != std::string_view::npos) {
      TRY(read_hours(word, window));
      has_hours = true;
    } else if (const auto days = parse_days(lower_ascii(word))) {
      window.days = *days;
    } else {
      return wrong(word, "a day, hours or a limit");
    }
  }
  if (!has_hours) return wrong(text, "a window: it has no hours such as 08:00-20:00");
  TRY(check_window(window));
  return window;
}

template <class T>
void add(std::string& text, std::string_view name, const std::optional<T>& number) {
  if (number) text.append(" ").append(name).append("=").append(std::to_string(*number));
}

}  // namespace

std::optional<int> parse_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t at : {0U, 1U, 3U, 4U}) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour * 60 + minute > kMinutesADay) return std::nullopt;
  return hour * 60 + minute;
}

std::string clock_text(int minute) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%02d:%02d", minute / 60, minute % 60);
  return text.data();
}

Result<std::vector<LimitWindow>> parse_windows(std::string_view text) {
  std::vector<LimitWindow> windows;
  for (const std::string_view piece : split(text, ',')) {
    if (trim(piece).empty()) continue;
    windows.push_back(TRY(parse_window(trim(piece))));
  }
  if (windows.size() <= kWindowsMax) return windows;
  return fail(ErrorKind::invalid, codes::setting_invalid,
              "there may be at most " + std::to_string(kWindowsMax) + " windows");
}

std::string windows_text(const std::vector<LimitWindow>& windows) {
  std::string text;
  for (const LimitWindow& window : windows) {
    if (!text.empty()) text += ", ";
    if ((window.days & 0x7f) != 0x7f) text += days_text(window.days) + " ";
    text += clock_text(window.from_minute) + "-" + clock_text(window.to_minute);
    add(text, "downloads", window.downloads);
    add(text, "connections", window.connections);
    add(text, "bytes_per_second", window.bytes_per_second);
    add(text, "bytes_per_second_per_download", window.bytes_per_second_per_download);
  }
  return text;
}

}  // namespace modelkeep::catalog
