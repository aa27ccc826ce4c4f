#pragma once
// How fast bytes may leave: a rate for each connection and one for all together. 0 means unlimited.
#include <cstddef>
#include <cstdint>

#include "base/guarded.h"

namespace modelkeep::standin {

/// When the next bytes may go, so that the mean stays at the rate.
class Rate {
 public:
  explicit Rate(std::uint64_t bytes_per_s = 0) : bytes_per_s_(bytes_per_s) {}
  /// Books `size_bytes` and says how many milliseconds to wait before sending them.
  std::int64_t book_ms(std::size_t size_bytes, std::int64_t now_ms);
  std::uint64_t bytes_per_s() const { return bytes_per_s_; }

 private:
  std::uint64_t bytes_per_s_;
  double free_at_ms_ = 0;
};

/// The rate that all connections share. Any thread.
class SharedRate {
 public:
  explicit SharedRate(std::uint64_t bytes_per_s)
      : bytes_per_s_(bytes_per_s), rate_(Rate{bytes_per_s}) {}
  std::int64_t book_ms(std::size_t size_bytes, std::int64_t now_ms);
  std::uint64_t bytes_per_s() const { return bytes_per_s_; }

 private:
  std::uint64_t bytes_per_s_;
  Guarded<Rate> rate_;
};

}  // namespace modelkeep::standin
