#pragma once
// A value that threads share, reachable only under its mutex.
#include <mutex>
#include <utility>

namespace modelkeep {

template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  /// Runs `use(T&)` under the lock and returns what it returns. `use` must not keep the reference.
  template <class Use>
  decltype(auto) with(Use&& use) {
    const std::scoped_lock lock(mutex_);
    return std::forward<Use>(use)(value_);
  }

 private:
  std::mutex mutex_;
  T value_{};
};

}  // namespace modelkeep
