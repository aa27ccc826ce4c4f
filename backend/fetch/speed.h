#pragma once
// How fast bytes come, over the last few seconds.
#include <cstdint>
#include <deque>
#include <optional>

namespace modelkeep::fetch {

class Speed {
 public:
  /// `bytes` received so far. A smaller number than before, after a restart of a file, begins a new
  /// measurement.
  void sample(std::int64_t now_ms, std::uint64_t bytes);
  std::int64_t bytes_per_second() const;
  /// Nothing while no bytes come.
  std::optional<std::int64_t> seconds_for(std::uint64_t bytes_left) const;

 private:
  struct Sample {
    std::int64_t at_ms = 0;
    std::uint64_t bytes = 0;
  };
  std::deque<Sample> samples_;
};

}  // namespace modelkeep::fetch
