#pragma once
// When a dead child is started again: at once, unless it keeps dying. Pure; the caller brings the
// time.
#include <cstdint>
#include <deque>

namespace modelkeep::app {

class RestartPolicy {
 public:
  /// Notes a death; returns how long to wait before the next start.
  std::int64_t died(std::int64_t now_ms);
  /// Five deaths in ten seconds; it ends when the child has lived for ten.
  bool keeps_dying(std::int64_t now_ms) const;

 private:
  std::deque<std::int64_t> deaths_ms_;
  std::int64_t slow_delay_ms_ = 0;
  std::int64_t last_death_ms_ = 0;
};

}  // namespace modelkeep::app
