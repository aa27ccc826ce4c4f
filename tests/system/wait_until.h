#pragma once
// System tests wait for real processes. They ask again and again and give up after a while; no test
// sleeps for a time and hopes that it was enough.
#include <cstdint>

#include "base/clock.h"

namespace modelkeep::system_test {

template <class Condition>
bool wait_until(Condition&& holds, std::int64_t timeout_ms, std::int64_t step_ms = 20) {
  Clock& clock = system_clock();
  const std::int64_t deadline_ms = clock.mono_ms() + timeout_ms;
  while (!holds()) {
    if (clock.mono_ms() >= deadline_ms) return false;
    clock.sleep_ms(step_ms);
  }
  return true;
}

/// Milliseconds since it was made.
class Stopwatch {
 public:
  std::int64_t ms() const { return system_clock().mono_ms() - started_ms_; }

 private:
  std::int64_t started_ms_ = system_clock().mono_ms();
};

}  // namespace modelkeep::system_test
