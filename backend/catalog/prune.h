#pragma once
// Forgetting downloads that ended long ago. Called by the upkeep.
#include <cstdint>

#include "base/clock.h"
#include "base/result.h"

namespace modelkeep::sqlite {
class Connection;
}  // namespace modelkeep::sqlite

namespace modelkeep::catalog {

/// The newest of this number stay, and those that ended within this time: whichever is more.
constexpr std::int64_t kEndedKept = 1'000;
constexpr std::int64_t kEndedKeptMs = std::int64_t{90} * 24 * 60 * 60 * 1'000;

/// Ready and cancelled ones beyond both, the oldest first, a limited number at once; how many.
/// Failed ones stay until someone retries or deletes them.
Result<std::int64_t> prune_downloads(sqlite::Connection& db, Time now);

}  // namespace modelkeep::catalog
