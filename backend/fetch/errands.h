#pragma once
// Questions that take seconds to answer run on threads of their own, a few at a time, so that the
// listener stays free for those that take none.
#include <atomic>
#include <functional>
#include <list>
#include <thread>

namespace modelkeep::fetch {

/// Owned by the listener's thread and used by it alone; its end waits for those that run.
class Errands {
 public:
  /// False when enough of them run already.
  bool start(std::function<void()> work);

 private:
  struct Running {
    std::atomic<bool> finished = false;
    std::jthread thread{};
  };
  std::list<Running> running_;
};

}  // namespace modelkeep::fetch
