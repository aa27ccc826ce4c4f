#pragma once
// From the journals and nginx's record of bytes into the catalog: rows, counters and the offset in
// one transaction, so each record counts exactly once, wherever a process dies.
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/events.h"
#include "sqlite/connection.h"
#include "usage/pulse.h"

namespace modelkeep::usage {

/// Names that storage/layout.h makes; whoever builds a role fills them in. Their folders exist.
struct DrainPaths {
  std::string journals;      ///< layout.journal_dir()
  std::string drain_lock;    ///< layout.drain_lock(): held while someone imports.
  std::string drainer_lock;  ///< layout.lock("drainer"): held by the one whose loop does it.
};

struct Drained {
  std::int64_t events = 0;
  std::int64_t transfers = 0;      ///< Lines of nginx's record.
  std::int64_t damaged_lines = 0;  ///< Skipped: their checksum or their form was wrong.
};

/// How long to wait for whoever writes; without one, as long as any writer does.
using Patience = std::optional<std::chrono::milliseconds>;

/// Imports all that the journals and nginx's record of bytes hold at this moment; removes those
/// whose writer is gone and which are imported whole. The caller holds drain.lock.
Result<Drained> drain_once(sqlite::Connection& db, const DrainPaths& paths,
                           catalog::EventNumbers& numbers, Clock& clock, Patience patience = {});

enum class Exactness {
  always,       ///< GET /api/stats: every answer given before this call is in the counters when it
                ///< returns.
  while_quiet,  ///< Single models: the same while requests come at human speed, else at most a
                ///< second behind.
};
/// For a request thread, before it reads counters. Under `while_quiet` it never fails.
Result<> settle(sqlite::Connection& db, const DrainPaths& paths, Pulse& pulse, Clock& clock,
                Exactness exactness);

/// The loop of a worker's drainer thread: one of all processes at a time does the work, at once
/// when idle and 0.1 to 0.8 s apart under load. Returns when `stop` is asked for, after a last
/// drain.
void run_drainer(sqlite::Connection& db, const DrainPaths& paths, Pulse& pulse, Clock& clock,
                 std::stop_token stop);

}  // namespace modelkeep::usage
