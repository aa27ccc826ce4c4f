#include "cli/limit_window.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "cli/command.h"
#include "cli/terminal_text.h"
#include "cli/units.h"

namespace modelkeep::cli {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

auto wrong(std::string_view word) {
  return wrong_usage("'" + shown(clipped(word, 100)) +
                     "' is no part of a window such as 'mon-fri 08:00-20:00 200MB/s' or "
                     "'22:00-06:00 downloads=0'");
}

std::optional<std::size_t> day_of(std::string_view text) {
  const auto found = std::ranges::find(kDays, text);
  if (found == kDays.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kDays.begin());
}

/// "daily", "mon", "mon-fri", "sat,sun".
bool read_days(std::string_view word, std::vector<std::string>& days) {
  if (word == "daily") return true;
  for (const std::string_view part : split(word, ',')) {
    const auto dash = part.find('-');
    const auto first = day_of(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : day_of(part.substr(dash + 1));
    if (!first || !last) return false;
    for (std::size_t day = *first;; day = (day + 1) % kDays.size()) {
      if (std::ranges::find(days, kDays.at(day)) == days.end()) days.emplace_back(kDays.at(day));
      if (day == *last) break;
    }
  }
  return true;
}

bool read_limit(std::string_view name, std::string_view value, LimitNumbers& limits) {
  if (name == "rate" || name == "rate-per-download") {
    const auto rate = parse_rate(value);
    (name == "rate" ? limits.bytes_per_second : limits.bytes_per_second_per_download) = rate;
    return rate.has_value();
  }
  const auto number = parse_decimal(value);
  if (!number || *number > 1'000'000) return false;
  if (name == "downloads") limits.downloads = static_cast<std::int64_t>(*number);
  if (name == "connections") limits.connections = static_cast<std::int64_t>(*number);
  return name == "downloads" || name == "connections";
}

}  // namespace

void from_json(json::Reader& in, LimitNumbers& out) {
  in.optional("downloads", out.downloads)
      .optional("connections", out.connections)
      .optional("bytes_per_second", out.bytes_per_second)
      .optional("bytes_per_second_per_download", out.bytes_per_second_per_download);
}

void from_json(json::Reader& in, LimitWindow& out) {
  in.optional("days", out.days).required("from", out.from).required("to", out.to);
  from_json(in, out.limits);
}

void to_json(json::Writer& out, const LimitWindow& window) {
  out.begin_object();
  if (!window.days.empty()) out.member("days", window.days);
  out.member("from", window.from)
      .member("to", window.to)
      .member("downloads", window.limits.downloads)
      .member("connections", window.limits.connections)
      .member("bytes_per_second", window.limits.bytes_per_second)
      .member("bytes_per_second_per_download", window.limits.bytes_per_second_per_download)
      .end_object();
}

std::optional<std::int64_t> parse_rate(std::string_view text) {
  text = trim(text);
  if (text == "none") return 0;
  if (text.ends_with("/s")) text.remove_suffix(2);
  return parse_size(text);
}

std::string rate_text(std::int64_t bytes_per_second) {
  return bytes_per_second == 0 ? "no limit" : size_text(bytes_per_second) + "/s";
}

Result<LimitWindow> parse_limit_window(std::string_view text) {
  LimitWindow window;
  bool has_limit = false;
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    const auto equals = word.find('=');
    const auto dash = word.find('-');
    if (equals != std::string_view::npos) {
      if (!read_limit(word.substr(0, equals), word.substr(equals + 1), window.limits))
        return wrong(word);
      has_limit = true;
    } else if (word.find(':') != std::string_view::npos && dash != std::string_view::npos) {
      window.from = std::string(word.substr(0, dash));
      window.to = std::string(word.substr(dash + 1));
    } else if (const auto rate = parse_rate(word)) {
      window.limits.bytes_per_second = rate;
      has_limit = true;
    } else if (!read_days(lower_ascii(word), window.days)) {
      return wrong(word);
    }
  }
  if (window.from.empty() || !has_limit) return wrong(text);
  return window;
}

std::string window_text(const LimitWindow& window) {
  std::string text;
  if (window.days.size() < kDays.size()) {
    for (const std::string& day : window.days) text += (text.empty() ? "" : ", ") + day;
    if (!text.empty()) text += " ";
  }
  text += window.from + "-" + window.to + ":";
  const LimitNumbers& limits = window.limits;
  const char* before = " ";
  const auto add = [&](const std::string& one) { text += std::exchange(before, ", ") + one; };
  if (limits.downloads == 0) {
    add("nothing is fetched");
  } else if (limits.downloads) {
    add(count_text(*limits.downloads, "download", "downloads") + " at once");
  }
  if (limits.connections) add(count_text(*limits.connections, "connection", "connections"));
  if (limits.bytes_per_second) add(rate_text(*limits.bytes_per_second) + " in all");
  if (limits.bytes_per_second_per_download)
    add(rate_text(*limits.bytes_per_second_per_download) + " a download");
  return text;
}

}  // namespace modelkeep::cli
