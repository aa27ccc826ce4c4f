#include "catalog/limits.h"

#include <ctime>

namespace modelkeep::catalog {
namespace {

bool is_day(const LimitWindow& window, int weekday) {
  return (window.days >> weekday & 1) != 0;
}

bool covers(const LimitWindow& window, LocalTime moment) {
  const bool past_midnight = window.to_minute <= window.from_minute;
  if (!past_midnight) {
    return is_day(window, moment.weekday) && moment.minute >= window.from_minute &&
           moment.minute < window.to_minute;
  }
  if (moment.minute >= window.from_minute) return is_day(window, moment.weekday);
  const int yesterday = (moment.weekday + 6) % 7;
  return moment.minute < window.to_minute && is_day(window, yesterday);
}

}  // namespace

LimitsNow limits_at(const LimitPlan& plan, LocalTime moment) {
  LimitsNow now{.downloads = plan.downloads,
                .connections = plan.connections,
                .bytes_per_second = plan.bytes_per_second,
                .bytes_per_second_per_download = plan.bytes_per_second_per_download,
                .window = std::nullopt};
  for (std::size_t i = 0; i < plan.windows.size(); ++i) {
    const LimitWindow& window = plan.windows[i];
    if (!covers(window, moment)) continue;
    now.window = i;
    now.downloads = window.downloads.value_or(now.downloads);
    now.connections = window.connections.value_or(now.connections);
    now.bytes_per_second = window.bytes_per_second.value_or(now.bytes_per_second);
    now.bytes_per_second_per_download =
        window.bytes_per_second_per_download.value_or(now.bytes_per_second_per_download);
    break;
  }
  return now;
}

LocalTime local_time(Time now) {
  const auto seconds = static_cast<std::time_t>(now.ms / 1000);
  std::tm local{};
  if (localtime_r(&seconds, &local) == nullptr) return {};
  return {.weekday = (local.tm_wday + 6) % 7, .minute = local.tm_hour * 60 + local.tm_min};
}

Result<> check_window(const LimitWindow& window) {
  const auto wrong = [](std::string what) {
    return fail(ErrorKind::invalid, codes::setting_invalid, std::move(what));
  };
  if ((window.days & 0x7f) == 0) return wrong("a window needs at least one day");
  if (window.from_minute < 0 || window.from_minute >= kMinutesADay || window.to_minute < 1 ||
      window.to_minute > kMinutesADay || window.from_minute == window.to_minute) {
    return wrong("a window begins at 00:00 to 23:59 and ends at another time, at most 24:00");
  }
  if (window.downloads && (*window.downloads < 0 || *window.downloads > kDownloadsMax))
    return wrong("downloads of a window is 0 to " + std::to_string(kDownloadsMax));
  if (window.connections && (*window.connections < 1 || *window.connections > kConnectionsMax))
    return wrong("connections of a window is 1 to " + std::to_string(kConnectionsMax));
  if (window.bytes_per_second.value_or(0) < 0 ||
      window.bytes_per_second_per_download.value_or(0) < 0) {
    return wrong("bytes per second of a window is 0 (no limit) or more");
  }
  if (!window.downloads && !window.connections && !window.bytes_per_second &&
      !window.bytes_per_second_per_download) {
    return wrong("a window needs at least one limit of its own");
  }
  return {};
}

}  // namespace modelkeep::catalog
