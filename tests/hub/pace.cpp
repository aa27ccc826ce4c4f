#include "tests/hub/pace.h"

#include <algorithm>
#include <cmath>

namespace modelkeep::standin {

std::int64_t Rate::book_ms(std::size_t size_bytes, std::int64_t now_ms) {
  if (bytes_per_s_ == 0) return 0;
  const auto now = static_cast<double>(now_ms);
  const double start = std::max(now, free_at_ms_);
  free_at_ms_ =
      start + 1000.0 * static_cast<double>(size_bytes) / static_cast<double>(bytes_per_s_);
  return std::llround(start - now);
}

std::int64_t SharedRate::book_ms(std::size_t size_bytes, std::int64_t now_ms) {
  if (bytes_per_s_ == 0) return 0;
  return rate_.with([&](Rate& rate) { return rate.book_ms(size_bytes, now_ms); });
}

}  // namespace modelkeep::standin
