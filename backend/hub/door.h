#pragma once
// The hub door: what unmodified Hub clients read, answered from the catalog; nginx sends the bytes.
// One Door a process, any thread. Every answer is one usage event, in the journal before it leaves.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "auth/gate.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/result.h"
#include "http/browser_rules.h"
#include "http/request.h"
#include "http/response.h"
#include "hub/pull_through.h"
#include "sqlite/connection.h"
#include "storage/layout.h"
#include "usage/journal.h"

namespace modelkeep::hub {

/// What taking pushes needs of the machine. Bytes go into staging alone.
struct Push {
  bool is_on = false;
  Files* files = nullptr;
  const storage::Layout* layout = nullptr;
  std::string key = {};  ///< Signs the addresses that objects are sent to.
  std::int64_t part_bytes = std::int64_t{256} << 20;  ///< Larger objects arrive in parts.
  bool folds_case = false;
  std::function<std::optional<std::uint64_t>()> reserve_bytes = [] {
    return std::optional<std::uint64_t>{};
  };
  std::function<void()> wake_fetchers = [] {};
  std::function<void()> remove_pending = [] {};
};

struct Services {
  usage::Journal& journal;
  Clock& clock;
  auth::Gate gate;
  http::HostNames hosts;
  /// Pages of these origins may read; exact, as a browser sends them.
  std::vector<std::string> allowed_origins;
  Push push = {};
  PullThrough pull{};
};

/// The thread's connection, as it opens and reopens it.
using Database = std::function<Result<sqlite::Connection*>()>;
/// Called before a wait: what Database gave may serve another thread meanwhile. Afterwards Database
/// is called again, and gives a connection in the same place.
using GiveBack = std::function<void()>;

/// True for what belongs to the door and not to the API: a path below /hf, or any on the listener
/// that has the door at its root.
bool is_for_door(const http::Request& request);

class Door {
 public:
  explicit Door(Services services) : services_(std::move(services)) {}

  /// Never fails: an error is an answer too.
  http::Response handle(
      const http::Request& request, const Database& database,
      const GiveBack& give_back = [] {}) const;

 private:
  Services services_;
};

}  // namespace modelkeep::hub
