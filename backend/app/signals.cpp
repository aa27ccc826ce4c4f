#include "app/signals.h"

#include <ctime>

#include <unistd.h>

namespace modelkeep::app {

Signals Signals::block(std::initializer_list<int> numbers) {
  Signals signals;
  sigemptyset(&signals.set_);
  for (const int number : numbers) sigaddset(&signals.set_, number);
  pthread_sigmask(SIG_BLOCK, &signals.set_, nullptr);
  // A peer that went away is an error of one write, not the end of a process.
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

std::optional<int> Signals::wait(std::int64_t timeout_ms) const {
  int number = -1;
  if (timeout_ms < 0) {
    number = sigwaitinfo(&set_, nullptr);
  } else {
    const timespec timeout{timeout_ms / 1000, (timeout_ms % 1000) * 1'000'000};
    number = sigtimedwait(&set_, nullptr, &timeout);
  }
  if (number < 0) return std::nullopt;
  return number;
}

StopOnSignal::StopOnSignal() : signals_(Signals::block({SIGTERM, SIGINT, SIGUSR1})) {
  waiter_ = std::jthread([this](const std::stop_token& ended) {
    while (!ended.stop_requested()) {
      const auto number = signals_.wait(-1);
      if (number == SIGUSR1) retire_.request_stop();
      if (number == SIGTERM || number == SIGINT) break;
    }
    source_.request_stop();
  });
}

StopOnSignal::~StopOnSignal() {
  waiter_.request_stop();
  // Blocked in every other thread, so it wakes the waiter and nobody else.
  kill(getpid(), SIGTERM);
}

}  // namespace modelkeep::app
