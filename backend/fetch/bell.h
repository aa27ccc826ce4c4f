#pragma once
// Wakes the waiting threads of one fetcher when there may be work.
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>

namespace modelkeep::fetch {

class Bell {
 public:
  void ring() {
    const std::scoped_lock lock(mutex_);
    ++rings_;
    rung_.notify_all();
  }

  /// Until it rings (also since `heard`, which is brought up to date), `stop`, or `wait_ms` have
  /// passed.
  void wait(std::int64_t wait_ms, std::uint64_t& heard, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    rung_.wait_for(lock, stop, std::chrono::milliseconds(wait_ms), [&] { return rings_ != heard; });
    heard = rings_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any rung_;
  std::uint64_t rings_ = 0;
};

}  // namespace modelkeep::fetch
