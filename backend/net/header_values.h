#pragma once
// The few response headers whose inside we read. All of them are a stranger's text: what does not
// parse is absent.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace modelkeep::net {

/// Of "bytes 5-9/10"; `total` is absent for "bytes 5-9/*". "bytes */10" has no range and does not
/// parse.
struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total{};
};
std::optional<ContentRange> parse_content_range(std::string_view value);

std::optional<std::uint64_t> parse_content_length(std::string_view value);

/// Seconds from now: "120", or an HTTP date seen from `now_unix`. A date in the past is 0.
std::optional<std::int64_t> parse_retry_after(std::string_view value, std::int64_t now_unix);

/// Of `"api";r=0;t=42`: how many requests are left in the window and when it ends.
struct RateLimit {
  std::int64_t remaining = 0;
  std::int64_t reset_seconds = 0;
};
std::optional<RateLimit> parse_rate_limit(std::string_view value);

/// The target of rel="next", exactly as it was written.
std::optional<std::string> parse_link_next(std::string_view value);

/// Without W/ and the quotes; empty when there is nothing between them.
std::string_view plain_etag(std::string_view value);

}  // namespace modelkeep::net
