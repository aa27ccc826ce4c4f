#include "fetch/speed.h"

namespace modelkeep::fetch {
namespace {

constexpr std::int64_t kWindowMs = 5'000;

}  // namespace

void Speed::sample(std::int64_t now_ms, std::uint64_t bytes) {
  if (!samples_.empty() && bytes < samples_.back().bytes) samples_.clear();
  samples_.push_back({now_ms, bytes});
  while (samples_.size() > 2 && samples_[1].at_ms <= now_ms - kWindowMs) samples_.pop_front();
}

std::int64_t Speed::bytes_per_second() const {
  if (samples_.size() < 2) return 0;
  const std::int64_t elapsed_ms = samples_.back().at_ms - samples_.front().at_ms;
  if (elapsed_ms <= 0) return 0;
  const auto bytes = static_cast<double>(samples_.back().bytes - samples_.front().bytes);
  return static_cast<std::int64_t>(bytes * 1000 / static_cast<double>(elapsed_ms));
}

std::optional<std::int64_t> Speed::seconds_for(std::uint64_t bytes_left) const {
  const std::int64_t speed = bytes_per_second();
  if (speed <= 0) return std::nullopt;
  return static_cast<std::int64_t>(bytes_left / static_cast<std::uint64_t>(speed));
}

}  // namespace modelkeep::fetch
