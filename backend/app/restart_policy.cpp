#include "app/restart_policy.h"

#include <algorithm>

namespace modelkeep::app {
namespace {

constexpr std::int64_t kWindowMs = 10'000;
constexpr std::size_t kDeathsMax = 5;
constexpr std::int64_t kQuickDelayMs = 50;  // A child that dies at once must not take a whole core.
constexpr std::int64_t kSlowDelayMinMs = 2'000;
constexpr std::int64_t kSlowDelayMaxMs = 10'000;

}  // namespace

std::int64_t RestartPolicy::died(std::int64_t now_ms) {
  // A life longer than the window and the wait before it ends the slow restarts.
  if (slow_delay_ms_ > 0 && now_ms - last_death_ms_ > slow_delay_ms_ + kWindowMs) {
    slow_delay_ms_ = 0;
    deaths_ms_.clear();
  }
  last_death_ms_ = now_ms;
  deaths_ms_.push_back(now_ms);
  while (now_ms - deaths_ms_.front() > kWindowMs) deaths_ms_.pop_front();
  if (slow_delay_ms_ == 0 && deaths_ms_.size() < kDeathsMax) return kQuickDelayMs;
  slow_delay_ms_ = std::clamp(slow_delay_ms_ * 2, kSlowDelayMinMs, kSlowDelayMaxMs);
  return slow_delay_ms_;
}

bool RestartPolicy::keeps_dying(std::int64_t now_ms) const {
  return slow_delay_ms_ > 0 && now_ms - last_death_ms_ <= slow_delay_ms_ + kWindowMs;
}

}  // namespace modelkeep::app
