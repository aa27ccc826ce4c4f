#pragma once
// Who stands where among the queued downloads. Positions are numbers with gaps, so that putting one
// between two others writes one row. All of it runs inside a write transaction of its caller.
#include <cstdint>
#include <string_view>

#include "catalog/downloads.h"

namespace modelkeep::catalog {

/// To the place that fair_place() gives to those who asked for it. Nothing when it is not queued.
Result<> put_fairly(sqlite::Connection& db, std::int64_t id);
/// The same for one who joins a download that waits already: it moves up, never down.
Result<> move_up_for(sqlite::Connection& db, std::int64_t id, std::string_view username,
                     std::string_view ip_address);
/// To the `position`-th place of the whole queue, from 1, or the nearest that its priority allows.
/// state_conflict when it is not queued.
Result<> put_at(sqlite::Connection& db, std::int64_t id, std::int64_t position);

}  // namespace modelkeep::catalog
