#include "app/role_paths.h"

namespace modelkeep::app {

storage::Layout layout_of(const Config& config) {
  return storage::Layout(config.mount_point, config.state_dir);
}

catalog::StatePaths state_paths(const storage::Layout& layout) {
  return {
      .folder = layout.state_dir(),
      .database = layout.database(),
      .write_lock = layout.db_write_lock(),
      .prepare_lock = layout.lock("prepare"),
      .backups = layout.backups_dir(),
      .ballast = layout.ballast(),
  };
}

usage::DrainPaths drain_paths(const storage::Layout& layout) {
  return {
      .journals = layout.journal_dir(),
      .drain_lock = layout.drain_lock(),
      .drainer_lock = layout.lock("drainer"),
  };
}

}  // namespace modelkeep::app
