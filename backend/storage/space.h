#pragma once
// Whether what is to come fits onto the disk.
#include <cstdint>
#include <optional>

#include "base/files.h"

namespace modelkeep::storage {

/// What stays free whatever is asked for: the smaller of 5 GiB and 2 % of the file system.
std::uint64_t default_reserve_bytes(const DiskSpace& space);

/// `needed`: what this download still has to write; `outstanding`: what the others still have to.
/// storage_insufficient with both numbers.
Result<> check_space(std::uint64_t needed, std::uint64_t outstanding, const DiskSpace& space,
                     std::optional<std::uint64_t> reserve_bytes = std::nullopt);

}  // namespace modelkeep::storage
