#pragma once
// How much fetching may take: the plan that people set, with hours in which other values hold, and
// what holds at one moment. The choice is a pure function of plan and local time.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace modelkeep::catalog {

constexpr int kDownloadsMax = 64;
constexpr int kConnectionsMax = 64;
constexpr std::size_t kWindowsMax = 20;
constexpr int kMinutesADay = 24 * 60;

/// Hours with values of their own; what it leaves out stays as it is without it.
struct LimitWindow {
  std::uint8_t days = 0x7f;      ///< Bit 0 is Monday.
  int from_minute = 0;           ///< Since midnight.
  int to_minute = kMinutesADay;  ///< Not after `from` means the next morning.
  std::optional<int> downloads;  ///< 0: nothing is fetched in these hours.
  std::optional<int> connections;
  std::optional<std::int64_t> bytes_per_second;
  std::optional<std::int64_t> bytes_per_second_per_download;
  bool operator==(const LimitWindow&) const = default;
};

/// Of the whole machine. Bytes per second: 0 is no limit.
struct LimitPlan {
  int downloads = 2;
  int connections = 32;
  std::int64_t bytes_per_second = 0;
  std::int64_t bytes_per_second_per_download = 0;
  std::vector<LimitWindow> windows;
};

struct LocalTime {
  int weekday = 0;  ///< 0 is Monday.
  int minute = 0;   ///< Since midnight.
};

struct LimitsNow {
  int downloads = 0;
  int connections = 0;
  std::int64_t bytes_per_second = 0;
  std::int64_t bytes_per_second_per_download = 0;
  std::optional<std::size_t> window;  ///< The one that holds, by its place in the plan.
};

/// The first window of the plan that covers the moment holds. One past midnight belongs to the day
/// on which it begins.
LimitsNow limits_at(const LimitPlan& plan, LocalTime moment);

/// By the zone of this machine (TZ, /etc/localtime).
LocalTime local_time(Time now);

/// "mon-fri 08:00-20:00 bytes_per_second=200000000, 22:00-06:00 downloads=0": as the settings keep
/// it. Days are a name, a range or several with + between, and may be left out. setting_invalid.
Result<std::vector<LimitWindow>> parse_windows(std::string_view text);
std::string windows_text(const std::vector<LimitWindow>& windows);

/// The rules of one window, wherever it came from. setting_invalid says what is wrong.
Result<> check_window(const LimitWindow& window);

inline constexpr std::array<std::string_view, 7> kDayNames{"mon", "tue", "wed", "thu",
                                                           "fri", "sat", "sun"};
/// "08:00", "24:00"; nullopt for anything else.
std::optional<int> parse_clock(std::string_view text);
std::string clock_text(int minute);

}  // namespace modelkeep::catalog
