#include "cli/settings.h"

#include "cli/config_file.h"
#include "cli/server_url.h"

namespace modelkeep::cli {
namespace {

constexpr std::string_view kDefaultServer = "http://localhost:5000";

std::string config_path(const Environment& environment) {
  const std::string home = environment("HOME").value_or("");
  return home.empty() ? std::string{} : home + "/.config/modelkeep/config.toml";
}

/// An empty variable is an unset one.
std::optional<std::string> variable(const Environment& environment, const char* name) {
  std::optional<std::string> value = environment(name);
  if (value && value->empty()) value.reset();
  return value;
}

}  // namespace

Result<Settings> find_settings(const Said& said, const Environment& environment) {
  const std::string path = config_path(environment);
  const ConfigFile file = path.empty() ? ConfigFile{} : TRY(read_config_file(path));
  Settings settings;
  if (said.server) {
    settings.server = TRY(server_url(*said.server, "--server"));
  } else if (const auto value = variable(environment, "MODELKEEP_SERVER")) {
    settings.server = TRY(server_url(*value, "MODELKEEP_SERVER"));
  } else {
    settings.server = TRY(server_url(file.server.value_or(std::string{kDefaultServer}), path));
  }
  if (const auto value = variable(environment, "MODELKEEP_TOKEN")) {
    settings.token = TRY(checked_token(*value, "MODELKEEP_TOKEN"));
  } else if (said.token_file) {
    settings.token = TRY(read_token_file(*said.token_file));
  } else if (file.token) {
    settings.token = TRY(checked_token(*file.token, path));
  }
  return settings;
}

}  // namespace modelkeep::cli
