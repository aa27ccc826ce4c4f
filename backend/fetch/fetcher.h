#pragma once
// The fetcher's role: claims downloads and brings them in, takes deleted folders away, answers on
// run/fetch.sock. app/ builds the configuration and calls run_fetcher in a process of its own; any
// number of them may run.
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "catalog/store.h"
#include "fetch/limits.h"
#include "fetch/range_plan.h"
#include "fetch/retry.h"
#include "sqlite/connection.h"
#include "storage/layout.h"
#include "upstream/hub.h"

namespace modelkeep::fetch {

/// Work that the one fetcher which holds locks/upkeep.lock does beside its downloads.
struct Chore {
  std::string name{};
  int every_ms = 60'000;
  std::function<Result<>(sqlite::Connection&)> run{};
};

struct FetcherConfig {
  storage::Layout layout;
  catalog::StatePaths state{};
  upstream::Config upstream{};
  /// Tried in this order while the Hub is away.
  std::vector<upstream::Config> mirrors{};
  /// The listening fetch.sock, inherited from the master and shared with the other fetchers.
  Fd listener{};
  /// Which fetcher this is, from 0: the name of its heartbeat.
  int index = 0;
  LimitsNow limits{};  ///< Empty: the defaults of Limits.
  /// Downloads at once in all fetchers together, and the bytes that stay free, as set at this
  /// moment. Asked often, by any thread.
  std::function<int()> downloads_now = [] { return 2; };
  std::function<std::optional<std::uint64_t>()> reserve_now = [] {
    return std::optional<std::uint64_t>{};
  };
  RetryPolicy retry{};
  RangePolicy ranges{};
  /// How often each model's branch or tag is looked up for a newer commit, as set at this moment; 0
  /// is never.
  std::function<std::int64_t()> look_for_newer_every_ms = [] { return std::int64_t{0}; };
  /// Clients may ask for what is not stored: they are told what there is of each part, and get
  /// threads of their own.
  bool shows_parts = false;
  /// Backups and whatever else app/ knows of; sweep::chores() gives those of the sweep.
  std::vector<Chore> chores{};
};

/// Returns when `stop` is requested: transfers are stopped, their checkpoints written, their rows
/// queued again. An error only when it could not start.
Result<> run_fetcher(FetcherConfig config, std::stop_token stop);

}  // namespace modelkeep::fetch
