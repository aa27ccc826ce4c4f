#pragma once
// What the hashing and the syncing thread have to say, until the thread of the download has time
// for it.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "fetch/file_event.h"

namespace modelkeep::fetch {

class Inbox {
 public:
  void put(FileEvent event) {
    const std::scoped_lock lock(mutex_);
    events_.push_back(std::move(event));
    arrived_.notify_one();
  }

  /// All there is, at the latest after `wait_ms`.
  std::vector<FileEvent> wait(std::int64_t wait_ms) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, std::chrono::milliseconds(wait_ms),
                      [this] { return !events_.empty(); });
    return std::exchange(events_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<FileEvent> events_;
};

}  // namespace modelkeep::fetch
