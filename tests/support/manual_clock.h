#pragma once
// A clock that moves only when a test moves it, or when someone sleeps on it.
#include <cstdint>

#include "base/clock.h"

namespace modelkeep {

class ManualClock : public Clock {
 public:
  Time now() override { return now_; }
  std::int64_t mono_ms() override { return mono_ms_; }
  void sleep_ms(std::int64_t duration_ms) override { advance_ms(duration_ms); }

  void advance_ms(std::int64_t duration_ms) {
    now_.ms += duration_ms;
    mono_ms_ += duration_ms;
  }
  /// The wall clock jumps; durations do not.
  void set_now(Time time) { now_ = time; }

 private:
  Time now_{1'769'077'800'000};  // 2026-01-22T10:30:00Z
  std::int64_t mono_ms_ = 1'000'000;
};

}  // namespace modelkeep
