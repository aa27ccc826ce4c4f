#pragma once
// Hours with limits of their own, as people type and read them: "mon-fri 08:00-20:00 200MB/s".
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace modelkeep::cli {

/// 0 is none: no downloads at all, or no limit to the bytes.
struct LimitNumbers {
  std::optional<std::int64_t> downloads;
  std::optional<std::int64_t> connections;
  std::optional<std::int64_t> bytes_per_second;
  std::optional<std::int64_t> bytes_per_second_per_download;
};
void from_json(json::Reader& in, LimitNumbers& out);

struct LimitWindow {
  std::vector<std::string> days;  ///< Empty: every day.
  std::string from;
  std::string to;
  LimitNumbers limits;  ///< What is absent is as at other hours.
};
void from_json(json::Reader& in, LimitWindow& out);
void to_json(json::Writer& out, const LimitWindow& window);

/// A rate: "200MB/s", "1.5GB", "none" for 0, which is no limit.
std::optional<std::int64_t> parse_rate(std::string_view text);
std::string rate_text(std::int64_t bytes_per_second);

/// wrong_usage with an example. What the hours may be is the server's to say.
Result<LimitWindow> parse_limit_window(std::string_view text);
/// "mon, tue 08:00-20:00: 200.0 MB/s in all".
std::string window_text(const LimitWindow& window);

}  // namespace modelkeep::cli
