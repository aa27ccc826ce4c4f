#pragma once
// The mount point as a whole: whether it is our store, whether it can be written, what its file
// system can do.
#include <cstdint>
#include <string>

#include "base/files.h"
#include "storage/layout.h"

namespace modelkeep::storage {

/// At start. Makes the store's own folders and, on a mount that never was one, its marker.
/// storage_missing when the state knows a store that this mount does not hold: the disk is not
/// mounted, and nothing may be written to the bare mount point.
Result<> open_mount(Files& files, const Layout& layout);

/// Before each piece of work: the marker is there and can be reached. storage_missing.
Result<> check_mount(Files& files, const Layout& layout);

/// storage_readonly, disk_full or storage_failed when a small file cannot be written.
Result<> check_writable(Files& files, const Layout& layout);

struct MountFacts {
  bool hard_links = false;
  bool exchange = false;
  bool folds_case = false;
};
/// Finds out by trying, below .modelkeep/probe.
Result<MountFacts> probe_mount(Files& files, const Layout& layout);

}  // namespace modelkeep::storage
