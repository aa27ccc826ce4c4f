#include "app/start.h"

#include <filesystem>

#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/adopt_command.h"
#include "app/config.h"
#include "app/family.h"
#include "app/master.h"
#include "app/role_paths.h"
#include "app/state_dir.h"
#include "app/stored_settings.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "catalog/store.h"
#include "storage/mount.h"

namespace modelkeep::app {
namespace {

Result<Config> current_config() {
  LoadedConfig loaded = TRY(load_config(with_stored_settings(own_sources())));
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
                               {"scope", auth::text(open_scope_of(config))},
                               {"meaning", "everyone who reaches this address has that scope"}});
  }
}

/// Nobody else has the database open yet: created, checked, brought up to date. A damaged one does
/// not keep the service down, which then says what is wrong and leaves the file as it is.
Result<> prepare_database(const storage::Layout& layout) {
  auto prepared = catalog::prepare(state_paths(layout), system_clock());
  if (prepared || prepared.error().code != codes::database_damaged) return prepared;
  log::failure("database.damaged", prepared.error());
  return {};
}

}  // namespace

Result<> start_service() {
  umask(0027);
  log::set_role("master");
  MasterOptions options;
  options.config = TRY(current_config());
  // The name rather than /proc/self/exe: after an upgrade a reload starts the file that is there
  // then.
  std::error_code ignored;
  options.binary = std::filesystem::read_symlink("/proc/self/exe", ignored).string();
  options.reload = current_config;
  const storage::Layout layout = layout_of(options.config);
  TRY(prepare_folders(layout));
  Family family = TRY(Family::found(layout.lock("master"), layout.lock("family"), system_clock()));
  TRY(prepare_database(layout));
  TRY(storage::open_mount(posix_files(), layout));
  // What was set through the API lies in the database that is there only now.
  options.config = TRY(current_config());
  say_what_is_unusual(options.config);
  say_what_waits_for_adoption(layout);
  // The database is closed; the master lives for long and needs none of what it took.
  malloc_trim(0);
  auto master = TRY(Master::create(std::move(options), std::move(family), system_clock()));
  return master->run();
}

}  // namespace modelkeep::app
