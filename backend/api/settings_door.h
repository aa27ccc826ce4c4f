#pragma once
// What the API must know of settings and cannot: their list, rules and origins belong to app/, the
// values that were set here to the catalog.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/limits.h"
#include "catalog/settings.h"

namespace modelkeep::api {

enum class ValueKind : std::uint8_t { text, number, windows };

struct SettingInfo {
  std::string_view key;
  std::string_view about;
  std::string variable;  ///< Of the environment.
  ValueKind kind = ValueKind::text;
  std::string value;                    ///< In force, as text; "" where there is none.
  std::string fallback;                 ///< When nobody sets it; told of changeable ones only.
  std::string_view source = "default";  ///< default, api, file, environment.
  bool fixed = false;                   ///< By the file or the environment.
  bool changeable = false;              ///< Through the API, while the service runs.
  std::optional<Time> updated_at;
  std::string updated_by;
};

/// Each function is given what the settings table holds at this moment.
struct SettingsDoor {
  using Stored = std::vector<catalog::Setting>;
  std::function<std::vector<SettingInfo>(const Stored&)> list = [](const Stored&) {
    return std::vector<SettingInfo>{};
  };
  /// The text as the table keeps it. field_unknown, field_invalid, setting_fixed.
  std::function<Result<std::string>(std::string_view key, std::string_view text)> checked =
      [](std::string_view, std::string_view) -> Result<std::string> {
    return fail(ErrorKind::invalid, codes::field_unknown, "There is no such setting.");
  };
  std::function<catalog::LimitPlan(const Stored&)> limits = [](const Stored&) {
    return catalog::LimitPlan{};
  };
  /// Bytes of the disk that stay free; absent for the default share.
  std::function<std::optional<std::uint64_t>(const Stored&)> reserve_bytes = [](const Stored&) {
    return std::optional<std::uint64_t>{};
  };
};

}  // namespace modelkeep::api
