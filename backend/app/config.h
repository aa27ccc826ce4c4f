#pragma once
// All settings as one struct, filled once at the start of each process and never changed. Order:
// environment, the file that MODELKEEP_CONFIG names, what was set through the API, the default.
// app/settings.cpp lists the keys with their manual; nothing else in the program reads the
// environment for a setting.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/listen_address.h"
#include "auth/gate.h"
#include "base/log.h"
#include "base/result.h"
#include "catalog/limits.h"

namespace modelkeep::app {

enum class PushMode : std::uint8_t { automatic, on, off };
enum class AuthMode : std::uint8_t { automatic, open, required };

struct Config {
  std::string mount_point;  ///< Absolute.
  std::string state_dir;    ///< Absolute.
  ListenAddress listen;
  std::optional<ListenAddress> hub_listen;
  int workers = 2;
  int fetchers = 2;
  std::string web_root;  ///< Absolute.

  std::string upstream_endpoint;  ///< Without a slash at its end.
  std::string upstream_token_file;
  std::vector<std::string> upstream_allow_cidrs;
  std::vector<std::string> upstream_allow_hosts;
  std::string upstream_ca_file;
  std::vector<std::string> upstream_mirrors;  ///< Without slashes at their ends.
  std::string upstream_mirror_token_file;
  int upstream_check_hours = 24;  ///< 0: newer revisions are not looked for.

  AuthMode auth_mode = AuthMode::automatic;
  /// Absent: everything on loopback, read and download elsewhere.
  std::optional<auth::Scope> open_scope;
  PushMode push = PushMode::automatic;  ///< automatic: on loopback.
  std::vector<std::string> trusted_proxies;
  std::vector<std::string> server_names;
  std::vector<std::string> cors_origins;
  /// What is not stored comes from upstream when it is asked for at the hub door. Absent: on while
  /// nobody has to sign in.
  std::optional<bool> pull_through_set;
  bool pull_through() const { return pull_through_set.value_or(auth_mode != AuthMode::required); }

  catalog::LimitPlan limits;
  int limit_api_rate = 200;
  std::optional<std::int64_t>
      reserve_bytes;  ///< Absent: the smaller of 5 GiB and 2 % of the mount.
  log::Level log_level = log::Level::info;
};

enum class Origin : std::uint8_t { fallback, database, file, environment };

/// Where the value of one key came from.
struct Provenance {
  Origin origin = Origin::fallback;
  std::string detail;  ///< The variable or the file.
};

struct LoadedConfig {
  Config config;
  std::map<std::string, Provenance, std::less<>> provenance;  ///< By key; every key is in it.
  std::vector<std::string>
      unknown_variables;  ///< MODELKEEP_... that no setting reads: a typo is worth a line.
};

using Variables = std::map<std::string, std::string, std::less<>>;

/// What a process starts from; tests hand in their own.
struct ConfigSources {
  Variables environment;
  Variables database;       ///< Key to text, as the settings table keeps it.
  std::string binary_dir;   ///< The folder of this program: the default of web_root is beside it.
  std::string working_dir;  ///< Relative paths start here.
};

/// The environment and folders of this process.
ConfigSources own_sources();

/// `setting_invalid` names the key, where it was set, and what would be right.
Result<LoadedConfig> load_config(const ConfigSources& sources);

/// Whether Hub clients may push.
bool takes_pushes(const Config& config);

/// What anyone may do while nobody can sign in.
auth::Scope open_scope_of(const Config& config);

/// Rules between settings, and between them and this machine; run by whoever is about to start the
/// service.
Result<> check_config(const Config& config);

}  // namespace modelkeep::app
