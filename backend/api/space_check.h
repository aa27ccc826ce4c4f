#pragma once
// Whether a download whose files are known would fit onto the disk, asked before it is queued
// again.
#include "api/route.h"
#include "catalog/downloads.h"

namespace modelkeep::api {

/// What must stay free: the setting, or the default share of this file system.
Result<std::optional<std::uint64_t>> reserve_bytes(Call& call, sqlite::Connection& db);

/// storage_insufficient with both numbers. A download without a plan, and one that asked to wait
/// for space, always pass: the fetcher decides about them.
Result<> require_space(Call& call, sqlite::Connection& db, const catalog::Download& download);

}  // namespace modelkeep::api
