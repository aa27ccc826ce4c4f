#pragma once
// Questions that take seconds to answer run on threads of their own, a few at a time, so that the
// listener stays free for those that take none.
#include <atomic>
#include <cstddef>
#include <functional>
#include <list>
#include <thread>

namespace modelkeep::fetch {

/// Owned by the listener's thread and used by it alone; its end waits for those that run.
class Errands {
 public:
  explicit Errands(std::size_t at_once_max) : at_once_max_(at_once_max) {}

  bool has_room();
  /// False when enough of them run already.
  bool start(std::function<void()> work);

 private:
  struct Running {
    std::atomic<bool> finished = false;
    std::jthread thread{};
  };
  std::size_t at_once_max_;
  std::list<Running> running_;
};

}  // namespace modelkeep::fetch
