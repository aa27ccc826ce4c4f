#include "app/stored_settings.h"

#include "app/role_paths.h"
#include "base/log.h"
#include "catalog/settings.h"

namespace modelkeep::app {

ConfigSources with_stored_settings(ConfigSources sources) {
  // Where the state lies is never stored in it, so the first reading is right about that.
  const auto loaded = load_config(sources);
  if (!loaded) return sources;
  auto db = catalog::open(state_paths(layout_of(loaded->config)));
  if (!db) return sources;
  const auto stored = catalog::settings(*db);
  if (!stored) return sources;
  for (const catalog::Setting& setting : *stored) sources.database[setting.key] = setting.value;
  return sources;
}

}  // namespace modelkeep::app
