#pragma once
// What a fetcher's threads need of the world, so that tests can hand in another one. Only this
// folder includes it.
#include <functional>
#include <memory>

#include "base/clock.h"
#include "base/files.h"
#include "fetch/fetcher.h"
#include "net/transport.h"
#include "upstream/token.h"

namespace modelkeep::fetch {

struct Surroundings {
  const FetcherConfig* config = nullptr;
  Files* files = nullptr;
  Clock* clock = nullptr;
  /// A Transport is for one thread, so each thread opens its own.
  std::function<Result<std::unique_ptr<net::Transport>>()> open_transport{};
  upstream::Environment environment{};
  bool folds_case = false;           ///< The mount takes `A` and `a` for the same name.
  std::function<double()> random{};  ///< In [0, 1); any thread.
  /// How often a running job looks whether it is still wanted, and shows how far it is.
  std::int64_t look_every_ms = 200;
  std::int64_t show_every_ms = 250;
};

}  // namespace modelkeep::fetch
