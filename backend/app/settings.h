#pragma once
// The list of settings: key, variable, manual, and how its text becomes a value. Read by
// app/config.cpp and by `modelkeepd config`.
#include <span>
#include <string>
#include <string_view>

#include "app/config.h"

namespace modelkeep::app {

struct Setting {
  std::string_view key;       ///< As in the TOML file and the API.
  std::string_view variable;  ///< Empty: MODELKEEP_ and the key in capitals, with _ for the dot.
  std::string_view manual;
  /// The error says what is wrong with the text; the caller adds the key.
  Result<> (*set)(Config& config, std::string_view text);
  std::string (*show)(const Config& config);
};

std::span<const Setting> settings();

/// The environment variable of a setting.
std::string variable_of(const Setting& setting);

}  // namespace modelkeep::app
