#pragma once
// Whether downloads that clients follow still go on: one thread looks for all of them, so that a
// stream holds no database connection.
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>

#include "base/guarded.h"
#include "base/result.h"
#include "sqlite/connection.h"

namespace modelkeep::hub {

/// Any thread.
class DownloadWatch {
 public:
  /// True as long as someone brings it in, or soon will. Shared with the watching thread, which
  /// forgets the download when its last follower has.
  using Going = std::shared_ptr<const std::atomic<bool>>;
  Going follow(std::int64_t download_id);

  /// The thread's body.
  void run(const std::function<Result<sqlite::Connection>()>& open, std::stop_token stop);

 private:
  Result<> look(sqlite::Connection& db);

  Guarded<std::map<std::int64_t, std::weak_ptr<std::atomic<bool>>>> followed_;
};

}  // namespace modelkeep::hub
