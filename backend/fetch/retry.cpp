#include "fetch/retry.h"

#include <algorithm>

namespace modelkeep::fetch {

std::int64_t retry_delay_ms(const RetryPolicy& policy, int tries,
                            std::optional<std::int64_t> wished_s, double random) {
  std::int64_t delay_ms = policy.base_ms;
  for (int i = 1; i < tries && delay_ms < policy.ceiling_ms; ++i) delay_ms *= 2;
  delay_ms = std::min(delay_ms, policy.ceiling_ms);
  const auto half_ms = static_cast<double>(delay_ms) / 2;
  delay_ms = static_cast<std::int64_t>(half_ms + half_ms * std::clamp(random, 0.0, 1.0));
  if (!wished_s) return delay_ms;
  // Before the multiplication: a wish of 10^18 seconds must not wrap.
  const std::int64_t wish_ms =
      std::clamp<std::int64_t>(*wished_s, 0, policy.wish_max_ms / 1000) * 1000;
  return std::max(delay_ms, wish_ms);
}

}  // namespace modelkeep::fetch
