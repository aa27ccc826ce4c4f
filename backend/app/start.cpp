#include "app/start.h"

#include <sys/stat.h>
#include <unistd.h>

#include "app/config.h"
#include "app/family.h"
#include "app/master.h"
#include "app/state_dir.h"
#include "base/log.h"

namespace modelkeep::app {
namespace {

Result<Config> current_config() {
  LoadedConfig loaded = TRY(load_config(own_sources()));
  TRY(check_config(loaded.config));
  log::set_level(loaded.config.log_level);
  for (const std::string& name : loaded.unknown_variables) {
    log::warn("setting.unknown", {{"variable", name}});
  }
  return std::move(loaded.config);
}

void say_what_is_unusual(const Config& config) {
  if (geteuid() == 0) log::warn("service.runs_as_root");
  if (!config.listen.is_loopback()) {
    log::warn("service.open", {{"listen", config.listen.text()},
                               {"meaning", "everyone who reaches this address may do everything"}});
  }
}

}  // namespace

Result<> start_service() {
  umask(0027);
  log::set_role("master");
  MasterOptions options;
  options.config = TRY(current_config());
  options.binary = own_sources().binary_dir + "/modelkeepd";
  options.reload = current_config;
  const storage::Layout layout(options.config.mount_point, options.config.state_dir);
  TRY(prepare_folders(layout));
  Family family = TRY(Family::found(layout.lock("master"), layout.lock("family"), system_clock()));
  say_what_is_unusual(options.config);
  auto master = TRY(Master::create(std::move(options), std::move(family), system_clock()));
  return master->run();
}

}  // namespace modelkeep::app
