#pragma once
// When to try again. Pure functions: what they are given decides what they answer.
#include <cstdint>
#include <optional>

namespace modelkeep::fetch {

struct RetryPolicy {
  std::int64_t base_ms = 1'000;
  std::int64_t ceiling_ms = 300'000;
  /// However long upstream wishes us to wait.
  std::int64_t wish_max_ms = 3'600'000;
  /// Tries in a row that brought not one byte.
  int tries_max = 10;
  /// Addresses of one file that expired and were asked for again.
  int expired_urls_max = 20;
  /// Times that one file began anew, because ranges of it were not given or of another content.
  int restarts_max = 10;
};

/// `tries` made so far without progress, from 1. `random` in [0, 1) spreads the delay over its
/// upper half, so that many who failed together do not come back together. A wish of upstream is
/// obeyed up to its limit, never undercut.
std::int64_t retry_delay_ms(const RetryPolicy& policy, int tries,
                            std::optional<std::int64_t> wished_s, double random);

}  // namespace modelkeep::fetch
