#pragma once
// How much of a file one request asks for. Pure functions: what they are given decides what they
// answer.
#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_ranges.h"

namespace modelkeep::fetch {

struct RangePolicy {
  /// A smaller file is asked for whole: its round trips would cost more than they bring.
  std::uint64_t split_bytes = std::uint64_t{16} << 20;
  std::uint64_t min_bytes = std::uint64_t{1} << 20;
  /// The hashing thread follows the first byte that is missing, which lies at most about this much
  /// times the connections behind the newest.
  std::uint64_t max_bytes = std::uint64_t{16} << 20;
};

/// What a transfer has seen so far; zeros before anything was seen.
struct Pace {
  int connections = 1;
  std::uint64_t bytes_per_second = 0;  ///< Of one connection.
  std::int64_t first_byte_ms = 0;      ///< From a request to its first byte.
};

/// The length of the next range, when `unasked_bytes` of all files are on no connection yet. Long
/// enough that the wait for its first byte does not count, short enough that a connection is soon
/// free for another download, and shorter towards the end, so that all connections end together.
std::uint64_t range_bytes(const RangePolicy& policy, std::uint64_t unasked_bytes, const Pace& pace);

/// The first stretch of a file of `size` bytes that is not in `taken`, at most `length` of it. A
/// rest that is not worth a request of its own is taken along.
std::optional<ByteRange> next_range(const ByteRanges& taken, std::uint64_t size,
                                    std::uint64_t length);

/// The same from the other end: the last such stretch, and of that its end.
std::optional<ByteRange> last_range(const ByteRanges& taken, std::uint64_t size,
                                    std::uint64_t length);

/// The first stretch of what someone waits for that is not in `taken`, at most `length` of it.
/// `wishes` in order of urgency.
std::optional<ByteRange> wished_range(const ByteRanges& taken, const std::vector<ByteRange>& wishes,
                                      std::uint64_t size, std::uint64_t length);

/// Whether to give up a connection and ask for the rest of its range on another: it is much slower
/// than the others, and has been for a while.
bool is_laggard(std::uint64_t bytes_per_second, std::uint64_t usual_bytes_per_second,
                std::int64_t slow_for_ms);

/// The same when no bytes are left to ask for and other connections are idle: they would bring the
/// rest of its range much sooner.
bool is_late(std::uint64_t rest_bytes, std::uint64_t bytes_per_second, const Pace& usual);

}  // namespace modelkeep::fetch
