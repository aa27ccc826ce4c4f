#pragma once
// The names on disk that a role hands to the rooms below it, which know their meaning and not their
// place.
#include "app/config.h"
#include "catalog/store.h"
#include "storage/layout.h"
#include "usage/drain.h"

namespace modelkeep::app {

storage::Layout layout_of(const Config& config);
catalog::StatePaths state_paths(const storage::Layout& layout);
usage::DrainPaths drain_paths(const storage::Layout& layout);

}  // namespace modelkeep::app
