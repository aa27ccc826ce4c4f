#include "upstream/rate_limits.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <string_view>
#include <utility>

#include "base/shared_page.h"
#include "net/header_values.h"
#include "upstream/refusal.h"

namespace modelkeep::upstream {

struct RateLimits::Page {
  static constexpr std::string_view kLayout = "upstream limits";
  std::array<std::atomic<std::int64_t>, 2> until_ms;
};

namespace {

constexpr std::int64_t kLongestMs = 3'600'000;
constexpr std::int64_t kSecondMs = 1'000;
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

/// The end of an exhausted window also when this very request was still answered.
std::int64_t wait_s(const net::ResponseHead& head, Time now) {
  if (head.status == 429) return wished_wait_s(head, now).value_or(0);
  const net::Headers& headers = head.left_origin ? head.origin_headers : head.headers;
  const auto value = headers.find("RateLimit");
  const auto limit = value ? net::parse_rate_limit(*value) : std::nullopt;
  // One second more: the window's end is rounded down.
  return limit && limit->remaining == 0 ? limit->reset_seconds + 1 : 0;
}

}  // namespace

Quota quota_of(std::string_view url) {
  const bool is_file = url.find("/resolve/") != std::string_view::npos ||
                       url.find("/resolve-cache/") != std::string_view::npos;
  return is_file ? Quota::files : Quota::api;
}

Result<RateLimits> RateLimits::open(const std::string& path) {
  auto page = TRY(open_shared_page<Page>(path));
  return RateLimits(std::move(page));
}

std::int64_t RateLimits::seconds_left(Quota quota, Time now) const {
  const std::int64_t left_ms = page_->until_ms.at(static_cast<std::size_t>(quota)).load() - now.ms;
  if (left_ms <= 0 || left_ms > kLongestMs + kSecondMs) return 0;
  return (left_ms + kSecondMs - 1) / kSecondMs;
}

void RateLimits::note(Quota quota, const net::ResponseHead& head, Time now) {
  const std::int64_t wait = std::min(wait_s(head, now), kLongestMs / kSecondMs);
  if (wait <= 0) return;
  auto& until_ms = page_->until_ms.at(static_cast<std::size_t>(quota));
  const std::int64_t wanted_ms = now.ms + wait * kSecondMs;
  std::int64_t known_ms = until_ms.load();
  // Whoever was told to wait longer is right; a value out of another time is none.
  while (known_ms < wanted_ms || known_ms > now.ms + kLongestMs + kSecondMs) {
    if (until_ms.compare_exchange_weak(known_ms, wanted_ms)) break;
  }
}

}  // namespace modelkeep::upstream
