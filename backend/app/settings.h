#pragma once
// The list of settings: key, variable, manual, and how its text becomes a value. Read by
// app/config.cpp and by `modelkeepd config`.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "app/config.h"

namespace modelkeep::app {

/// How the API writes a value; all of them are texts in files, variables and the database.
enum class SettingKind : std::uint8_t { text, number, windows };

struct Setting {
  std::string_view key;       ///< As in the TOML file and the API.
  std::string_view variable;  ///< Empty: MODELKEEP_ and the key in capitals, with _ for the dot.
  std::string_view manual;
  /// The error says what is wrong with the text; the caller adds the key.
  Result<> (*set)(Config& config, std::string_view text);
  std::string (*show)(const Config& config);
  /// May be changed through the API while the service runs.
  bool live = false;
  SettingKind kind = SettingKind::text;
};

std::span<const Setting> settings();

/// The environment variable of a setting.
std::string variable_of(const Setting& setting);

}  // namespace modelkeep::app
