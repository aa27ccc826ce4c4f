#pragma once
// The clock as a seam: tests own time. Durations come from mono_ms, stamps from now; never the
// other way round.
#include <compare>
#include <cstdint>

namespace modelkeep {

/// A moment, UTC, milliseconds since the epoch.
struct Time {
  std::int64_t ms = 0;
  auto operator<=>(const Time&) const = default;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() = 0;
  /// Milliseconds of a clock that never jumps.
  virtual std::int64_t mono_ms() = 0;
  virtual void sleep_ms(std::int64_t duration_ms) = 0;
};

/// The real one; any thread.
Clock& system_clock();

}  // namespace modelkeep
