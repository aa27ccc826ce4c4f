#pragma once
// Disk space that waiting and running downloads have been promised. A promise is made once a plan
// says how many bytes there are, and kept until the download ends.
#include <cstdint>
#include <functional>

#include "catalog/queue.h"

namespace modelkeep::catalog {

/// What `download_id` still has to write, and what all others that were promised their space do.
/// `staged_bytes` tells how many bytes of a download lie on the disk already, as blocks that are
/// written or set aside: the file system no longer counts those as free.
struct SpaceNeed {
  std::uint64_t needed = 0;
  std::uint64_t outstanding = 0;
};
Result<SpaceNeed> space_need(sqlite::Connection& db, std::int64_t download_id,
                             const std::function<std::uint64_t(std::int64_t)>& staged_bytes);

/// The same for a revision that somebody thinks of asking for: what lies on the disk of it already,
/// where its download has begun, and what all others that were promised their space have to write.
struct SpaceBeside {
  std::uint64_t staged = 0;
  std::uint64_t outstanding = 0;
};
Result<SpaceBeside> space_beside(sqlite::Connection& db, std::string_view model_name,
                                 std::string_view revision,
                                 const std::function<std::uint64_t(std::int64_t)>& staged_bytes);

/// The promise itself. Inside the write transaction in which space_need() was asked, so that two
/// who fit singly but not together do not both get it.
Result<> promise_space(sqlite::Connection& db, const Claim& claim);

}  // namespace modelkeep::catalog
