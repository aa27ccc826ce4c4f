#include "fetch/range_plan.h"

#include <algorithm>

namespace modelkeep::fetch {
namespace {

// A range lasts at most about this long, for a connection that another download may have next.
constexpr std::uint64_t kLongestSeconds = 4;
// And at least this many times as long as its first byte takes.
constexpr std::uint64_t kFirstBytesInOne = 8;
// Ranges that each connection still gets from what is left.
constexpr std::uint64_t kRangesLeftForEach = 2;
constexpr std::uint64_t kSlower = 8;
constexpr std::int64_t kSlowForMs = 5'000;
// What a new connection may cost, and how much sooner it must be done.
constexpr std::int64_t kLateMs = 500;
constexpr std::int64_t kLater = 2;
constexpr std::uint64_t kPageBytes = 4096;

}  // namespace

std::uint64_t range_bytes(const RangePolicy& policy, std::uint64_t unasked_bytes,
                          const Pace& pace) {
  std::uint64_t most = policy.max_bytes;
  std::uint64_t least = policy.min_bytes;
  if (pace.bytes_per_second > 0) {
    most = std::clamp(pace.bytes_per_second * kLongestSeconds, policy.min_bytes, policy.max_bytes);
    const auto waited_ms =
        static_cast<std::uint64_t>(std::max<std::int64_t>(pace.first_byte_ms, 0));
    least = std::clamp(pace.bytes_per_second / 1000 * waited_ms * kFirstBytesInOne, least, most);
  }
  const auto connections = static_cast<std::uint64_t>(std::max(pace.connections, 1));
  const std::uint64_t share = unasked_bytes / (connections * kRangesLeftForEach);
  const std::uint64_t length = std::clamp(share, std::min(least, most), most);
  // Whole pages: a page that two connections fill would be written to the disk twice.
  return std::max((length + kPageBytes - 1) / kPageBytes * kPageBytes, kPageBytes);
}

std::optional<ByteRange> next_range(const ByteRanges& taken, std::uint64_t size,
                                    std::uint64_t length) {
  auto gap = taken.first_gap(0, size);
  if (!gap) return std::nullopt;
  if (gap->size() > length + length / 4) {
    // Ranges begin on page boundaries whatever an earlier, broken one left over.
    const std::uint64_t end = (gap->begin + length) / kPageBytes * kPageBytes;
    gap->end = std::clamp(end, gap->begin + 1, gap->end);
  }
  return gap;
}

std::optional<ByteRange> last_range(const ByteRanges& taken, std::uint64_t size,
                                    std::uint64_t length) {
  std::optional<ByteRange> gap;
  for (auto next = taken.first_gap(0, size); next; next = taken.first_gap(next->end, size))
    gap = next;
  if (gap && gap->size() > length + length / 4) {
    const std::uint64_t begin = (gap->end - length) / kPageBytes * kPageBytes;
    gap->begin = std::clamp(begin, gap->begin, gap->end - 1);
  }
  return gap;
}

std::optional<ByteRange> wished_range(const ByteRanges& taken, const std::vector<ByteRange>& wishes,
                                      std::uint64_t size, std::uint64_t length) {
  for (const ByteRange& wish : wishes) {
    const auto gap = taken.first_gap(wish.begin, std::min(wish.end, size));
    if (!gap) continue;
    // Ranges begin on page boundaries where those bytes are missing too.
    const auto whole = taken.first_gap(gap->begin / kPageBytes * kPageBytes, size);
    if (whole) return ByteRange{whole->begin, std::min(whole->end, whole->begin + length)};
  }
  return std::nullopt;
}

bool is_laggard(std::uint64_t bytes_per_second, std::uint64_t usual_bytes_per_second,
                std::int64_t slow_for_ms) {
  return slow_for_ms >= kSlowForMs && bytes_per_second < usual_bytes_per_second / kSlower;
}

bool is_late(std::uint64_t rest_bytes, std::uint64_t bytes_per_second, const Pace& usual) {
  if (usual.bytes_per_second == 0) return false;
  const auto ms_at = [&](std::uint64_t speed) {
    return static_cast<std::int64_t>(rest_bytes * 1000 / std::max<std::uint64_t>(speed, 1));
  };
  const std::int64_t anew_ms = usual.first_byte_ms + ms_at(usual.bytes_per_second);
  return ms_at(bytes_per_second) > kLateMs + kLater * anew_ms;
}

}  // namespace modelkeep::fetch
