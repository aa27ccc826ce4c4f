#include "app/config_file.h"

#include <fstream>

#include <toml.hpp>

namespace modelkeep::app {
namespace {

/// The text of a scalar or of an array of scalars; false for what no setting takes.
bool as_text(const toml::value& value, std::string& text) {
  if (value.is_string()) {
    text = value.as_string().str;
  } else if (value.is_integer()) {
    text = std::to_string(value.as_integer());
  } else if (value.is_boolean()) {
    text = value.as_boolean() ? "true" : "false";
  } else if (value.is_array()) {
    text.clear();
    for (const toml::value& item : value.as_array()) {
      std::string one;
      if (item.is_array() || !as_text(item, one)) return false;
      if (!text.empty()) text += ",";
      text += one;
    }
  } else {
    return false;
  }
  return true;
}

Result<> flatten(const toml::value& table, const std::string& prefix, Variables& out) {
  for (const auto& [name, value] : table.as_table()) {
    std::string key = prefix;
    if (!prefix.empty()) key += ".";
    key += name;
    if (value.is_table()) {
      TRY(flatten(value, key, out));
      continue;
    }
    std::string text;
    if (!as_text(value, text)) {
      return fail(ErrorKind::invalid, codes::setting_invalid,
                  key + " is of a kind that no setting takes");
    }
    out[key] = std::move(text);
  }
  return {};
}

}  // namespace

Result<Variables> read_config_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(ErrorKind::invalid, codes::setting_invalid,
                "MODELKEEP_CONFIG names " + path + ", which cannot be read");
  }
  Variables values;
  // The library reports by exception; this is the one place that sees it.
  try {
    TRY(flatten(toml::parse(file, path), "", values));
  } catch (const toml::exception& error) {
    // The excerpt that the library adds is for the log: health shows the message to everyone.
    return fail(ErrorKind::invalid, codes::setting_invalid,
                path + " is not valid TOML in line " + std::to_string(error.location().line()),
                error.what());
  } catch (const std::exception& error) {
    return fail(ErrorKind::invalid, codes::setting_invalid, path + " is not valid TOML",
                error.what());
  }
  return values;
}

}  // namespace modelkeep::app
