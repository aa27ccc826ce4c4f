#pragma once
// One content under a second name.
#include <cstdint>
#include <string>

#include "base/files.h"

namespace modelkeep::storage {

enum class Linked : std::uint8_t { shared, copied };

/// A hard link; where the file system has none, or no more of them for this file, a copy that
/// shares its blocks if it can (reflink), synced and read-only.
Result<Linked> link_file(Files& files, const std::string& existing, const std::string& name);

}  // namespace modelkeep::storage
