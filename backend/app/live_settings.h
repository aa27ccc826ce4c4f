#pragma once
// The settings that people change while the service runs. What the environment or the file fixed
// stays; a process asks here for what holds at this moment.
#include <memory>
#include <optional>
#include <vector>

#include "api/settings_door.h"
#include "app/config.h"
#include "base/guarded.h"
#include "catalog/settings.h"
#include "catalog/store.h"

namespace modelkeep::app {

/// The start's settings with those of the database laid over them where they may be changed. One
/// that cannot be read, as after a step back to an older version, leaves the default.
Config with_live_settings(const LoadedConfig& start, const std::vector<catalog::Setting>& stored);

/// For the API: every setting, and the check of a new value.
api::SettingsDoor settings_door(std::shared_ptr<const LoadedConfig> start);

/// What a fetcher asks many times a second; the database is asked twice a second at most. Any
/// thread. While the database does not answer, the last answer holds.
class LiveLimits {
 public:
  LiveLimits(std::shared_ptr<const LoadedConfig> start, catalog::StatePaths state);
  ~LiveLimits();

  catalog::LimitsNow now();
  std::optional<std::uint64_t> reserve_bytes();
  int upstream_check_hours();

 private:
  struct Known;
  void refresh(Known& known);

  std::shared_ptr<const LoadedConfig> start_;  // Shared by all who answer for settings.
  catalog::StatePaths state_;
  std::unique_ptr<Guarded<Known>> known_;
};

}  // namespace modelkeep::app
