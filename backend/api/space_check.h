#pragma once
// Whether a download whose files are known would fit onto the disk, asked before it is queued
// again.
#include "api/route.h"
#include "catalog/ask.h"

namespace modelkeep::api {

/// What must stay free: the setting, or the default share of this file system.
Result<std::optional<std::uint64_t>> reserve_bytes(Call& call, sqlite::Connection& db);

/// storage_insufficient with both numbers. A download without a plan, and one that asked to wait
/// for space, always pass: the fetcher decides about them.
Result<> require_space(Call& call, sqlite::Connection& db, const catalog::Download& download);

/// For one that was queued a moment ago: looks until its plan says how large it is, for as long as
/// an answer may take. storage_insufficient with both numbers when it does not fit; what was new
/// about it is withdrawn then. Holds its thread for seconds where upstream is slow.
Result<> await_fit(Call& call, sqlite::Connection& db, const catalog::Asked& asked);

}  // namespace modelkeep::api
