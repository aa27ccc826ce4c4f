#pragma once
// `modelkeep queue --watch`: looks at the queue again and again until the person ends it.
#include "cli/client.h"
#include "cli/command.h"
#include "cli/queue_view.h"

namespace modelkeep::cli {

/// All pages of GET /api/downloads with this query; with --json each is printed as it came.
Result<std::vector<Download>> read_queue(Client& client, const Query& query, World& world);

class QueueWatch {
 public:
  QueueWatch(Client& client, World& world) : client_(client), world_(world), view_(world.out) {}

  /// One look, shown, and how long to wait for the next. A server that does not answer is waited
  /// for; an error only when it was never seen, or refuses.
  Result<std::int64_t> look();

  std::string farewell() const { return view_.farewell(); }

 private:
  Client& client_;
  World& world_;
  QueueView view_;
  std::vector<Download> last_;
  bool seen_ = false;
  int failures_ = 0;
};

/// Until stdout is closed or a signal ends the process, the terminal left as it was.
Result<> watch_queue(Client& client, World& world);

}  // namespace modelkeep::cli
