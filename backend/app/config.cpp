#include "app/config.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <thread>

#include <sys/stat.h>
#include <unistd.h>

#include "app/config_file.h"
#include "app/settings.h"
#include "base/text.h"

namespace modelkeep::app {
namespace {

// Read elsewhere: by this file, by the command line client, by the scripts.
constexpr std::string_view kOtherVariables[] = {"MODELKEEP_CONFIG", "MODELKEEP_SERVER",
                                                "MODELKEEP_TOKEN", "MODELKEEP_BUILD_JOBS"};

Config defaults(const ConfigSources& sources) {
  Config config;
  config.mount_point = "./models";
  config.listen = ListenAddress{"127.0.0.1", 5000, false};
  config.workers = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 2, 64);
  config.web_root = sources.binary_dir + "/../share/modelkeep/web";
  config.upstream_endpoint = "https://huggingface.co";
  return config;
}

std::string absolute(const std::string& path, const std::string& working_dir) {
  std::filesystem::path whole(path);
  if (whole.is_relative()) whole = std::filesystem::path(working_dir) / whole;
  std::string text = whole.lexically_normal().string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

Result<> apply(const Setting& setting, std::string_view text, Provenance from, LoadedConfig& out) {
  if (auto done = setting.set(out.config, text); !done) {
    std::string sentence = std::string(setting.key) + " (" + from.detail + "): ";
    return fail(ErrorKind::invalid, codes::setting_invalid, sentence + done.error().message);
  }
  out.provenance[std::string(setting.key)] = std::move(from);
  return {};
}

/// Sources in rising order of rank, so that the last one stands.
Result<> apply_all(const ConfigSources& sources, const Variables& file,
                   const std::string& file_name, LoadedConfig& out) {
  for (const Setting& setting : settings()) {
    out.provenance[std::string(setting.key)] = {Origin::fallback, "default"};
    if (const auto set = sources.database.find(setting.key); set != sources.database.end()) {
      TRY(apply(setting, set->second, {Origin::database, "set through the API"}, out));
    }
    if (const auto set = file.find(setting.key); set != file.end()) {
      TRY(apply(setting, set->second, {Origin::file, file_name}, out));
    }
    const std::string variable = variable_of(setting);
    if (const auto set = sources.environment.find(variable);
        set != sources.environment.end() && !set->second.empty()) {
      TRY(apply(setting, set->second, {Origin::environment, variable}, out));
    }
  }
  return {};
}

Result<> refuse_unknown_keys(const Variables& file, const std::string& file_name) {
  for (const auto& setting_in_file : file) {
    const std::string& key = setting_in_file.first;
    const auto known = std::any_of(settings().begin(), settings().end(),
                                   [&](const Setting& setting) { return setting.key == key; });
    if (known) continue;
    std::string sentence = key;
    sentence.append(" (").append(file_name).append("): there is no such setting");
    return fail(ErrorKind::invalid, codes::setting_invalid, std::move(sentence));
  }
  return {};
}

std::vector<std::string> unknown_variables(const Variables& environment) {
  std::set<std::string, std::less<>> known(std::begin(kOtherVariables), std::end(kOtherVariables));
  for (const Setting& setting : settings()) known.insert(variable_of(setting));
  std::vector<std::string> unknown;
  for (const auto& [name, value] : environment) {
    if (name.starts_with("MODELKEEP_") && !known.contains(name)) unknown.push_back(name);
  }
  return unknown;
}

}  // namespace

ConfigSources own_sources() {
  ConfigSources sources;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    sources.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  std::error_code ignored;
  sources.binary_dir =
      std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path().string();
  sources.working_dir = std::filesystem::current_path(ignored).string();
  return sources;
}

Result<LoadedConfig> load_config(const ConfigSources& sources) {
  LoadedConfig loaded;
  loaded.config = defaults(sources);
  Variables file;
  std::string file_name;
  if (const auto named = sources.environment.find("MODELKEEP_CONFIG");
      named != sources.environment.end() && !named->second.empty()) {
    file_name = named->second;
    file = TRY(read_config_file(absolute(file_name, sources.working_dir)));
    TRY(refuse_unknown_keys(file, file_name));
  }
  TRY(apply_all(sources, file, file_name, loaded));

  Config& config = loaded.config;
  config.mount_point = absolute(config.mount_point, sources.working_dir);
  if (config.state_dir.empty()) config.state_dir = config.mount_point + "/.modelkeep/state";
  config.state_dir = absolute(config.state_dir, sources.working_dir);
  config.web_root = absolute(config.web_root, sources.working_dir);
  for (std::string* path : {&config.upstream_token_file, &config.upstream_ca_file,
                            &config.upstream_mirror_token_file}) {
    if (!path->empty()) *path = absolute(*path, sources.working_dir);
  }
  loaded.unknown_variables = unknown_variables(sources.environment);
  return loaded;
}

}  // namespace modelkeep::app
