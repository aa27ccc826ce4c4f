#pragma once
// Settings as JSON: numbers are numbers, windows are objects, all else is text.
#include <string>

#include "api/settings_door.h"
#include "base/json.h"

namespace modelkeep::api {

void to_json(json::Writer& out, const SettingInfo& info);

/// The text that the settings table keeps for a value that was sent. field_type, field_invalid.
Result<std::string> text_of_value(const SettingInfo& info, json::Value value);

}  // namespace modelkeep::api

namespace modelkeep::catalog {

void to_json(json::Writer& out, const LimitWindow& window);
void to_json(json::Writer& out, const LimitsNow& limits);
void to_json(json::Writer& out, const SettingChange& change);

}  // namespace modelkeep::catalog
