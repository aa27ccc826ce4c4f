#pragma once
// Signals as values: blocked for the whole process and taken one at a time, so no code of ours runs
// inside a handler.
#include <csignal>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stop_token>
#include <thread>

namespace modelkeep::app {

class Signals {
 public:
  /// Before any thread is made: threads inherit what is blocked.
  static Signals block(std::initializer_list<int> numbers);

  /// The next signal; nothing after `timeout_ms`. A negative timeout waits for ever.
  std::optional<int> wait(std::int64_t timeout_ms) const;

 private:
  sigset_t set_{};
};

/// For the roles: SIGTERM and SIGINT become a stop request, SIGUSR1 the wish to make room for a
/// successor. A thread of its own waits for them; made before all other threads, for they inherit
/// what is blocked.
class StopOnSignal {
 public:
  StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;
  ~StopOnSignal();
  std::stop_token token() const { return source_.get_token(); }
  std::stop_token retire_token() const { return retire_.get_token(); }

 private:
  std::stop_source source_;
  std::stop_source retire_;
  Signals signals_;
  std::jthread waiter_;
};

}  // namespace modelkeep::app
