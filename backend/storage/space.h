#pragma once
// Whether what is to come fits onto the disk.
#include <cstdint>
#include <optional>

#include "base/files.h"
#include "storage/layout.h"

namespace modelkeep::storage {

/// What stays free whatever is asked for: the smaller of 5 GiB and 2 % of the file system.
std::uint64_t default_reserve_bytes(const DiskSpace& space);

/// What the parts of one download take of the disk, written or set aside: bytes that the file
/// system no longer calls free. 0 when there are none.
std::uint64_t staged_bytes(Files& files, const Layout& layout, std::int64_t download_id);

/// `needed`: what this download still has to write; `outstanding`: what the others still have to.
/// storage_insufficient with both numbers.
Result<> check_space(std::uint64_t needed, std::uint64_t outstanding, const DiskSpace& space,
                     std::optional<std::uint64_t> reserve_bytes = std::nullopt);

}  // namespace modelkeep::storage
