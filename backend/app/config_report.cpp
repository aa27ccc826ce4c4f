#include "app/config_report.h"

#include "app/settings.h"
#include "base/text.h"

namespace modelkeep::app {
namespace {

std::string quoted(std::string_view value) {
  std::string text = "\"";
  for (const char byte : value) {
    if (byte == '"' || byte == '\\') text += '\\';
    text += byte;
  }
  return text + "\"";
}

/// Whole numbers stand as numbers; a dotted key is TOML's own short form of a table.
std::string line_for(const Setting& setting, const LoadedConfig& loaded) {
  const std::string value = setting.show(loaded.config);
  const std::string shown = parse_decimal(value) ? value : quoted(value);
  const auto from = loaded.provenance.find(setting.key);
  const std::string source = from == loaded.provenance.end() ? "default" : from->second.detail;
  std::string line = std::string(setting.key) + " = " + shown;
  if (value.empty()) line = "# " + std::string(setting.key) + " is not set";
  return line + "  # " + source + "\n";
}

}  // namespace

std::string config_report(const LoadedConfig& loaded) {
  std::string report;
  for (const Setting& setting : settings()) {
    report += "# " + std::string(setting.manual) + " (" + variable_of(setting) + ")\n";
    report += line_for(setting, loaded) + "\n";
  }
  return report;
}

}  // namespace modelkeep::app
