// What the receiver does ten times a second: measure, adapt, share, replace, note.
#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "base/log.h"
#include "fetch/receiver.h"

namespace modelkeep::fetch {
namespace {

constexpr std::int64_t kNoteMs = 200;
// A moving mean: old enough to be calm, young enough to follow.
constexpr std::uint64_t kOldWeight = 3;

std::uint64_t smaller_of(std::uint64_t one, std::uint64_t other) {
  if (one == 0 || other == 0) return std::max(one, other);
  return std::min(one, other);
}

}  // namespace

Pace Receiver::pace() const {
  return {.connections = std::max(allowed_, 1),
          .bytes_per_second = usual_speed_,
          .first_byte_ms = usual_first_byte_ms_};
}

Result<> Receiver::tick(net::BulkSession& session, std::int64_t now_ms) {
  if (ticked_ms_ != 0 && now_ms - ticked_ms_ < kStretchMs) return {};
  const Limits limits = limits_.with([](const Limits& now) { return now; });
  const int most = limits.connections <= 0 ? kConnectionsMax : limits.connections;
  if (ticked_ms_ == 0) {
    appetite_.target = std::min(appetite_.target, most);
  } else {
    measure(now_ms);
    TRY(replace_laggards(session, now_ms));
  }
  ticked_ms_ = now_ms;
  rate_ = smaller_of(limits.bytes_per_second, limits.download_bytes_per_second);
  const int wanted = std::min(connections_under(rate_, appetite_.target),
                              std::max(schedule_.useful_connections(), 1));
  allowed_ = budget_->update(static_cast<int>(lanes_.size()), wanted, most);
  if (now_ms - noted_ms_ >= kNoteMs) {
    noted_ms_ = now_ms;
    TRY(note_progress());
  }
  return {};
}

void Receiver::measure(std::int64_t now_ms) {
  const std::int64_t elapsed_ms = std::max<std::int64_t>(now_ms - ticked_ms_, 1);
  const auto per_second = [elapsed_ms](std::uint64_t bytes) {
    return bytes * 1000 / static_cast<std::uint64_t>(elapsed_ms);
  };
  Stretch stretch{.throttled = std::exchange(throttled_, 0), .broken = std::exchange(broken_, 0)};
  std::uint64_t received = ended_;
  std::vector<std::uint64_t> speeds;
  for (auto& [key, lane] : lanes_) {
    const std::uint64_t bytes = lane.sink->received();
    received += bytes;
    if (bytes > lane.seen_bytes) ++stretch.connections;
    lane.bytes_per_second =
        (lane.bytes_per_second * kOldWeight + per_second(bytes - lane.seen_bytes)) /
        (kOldWeight + 1);
    lane.seen_bytes = bytes;
    if (lane.first_byte_ms) speeds.push_back(lane.bytes_per_second);
  }
  // Small files end within the stretch; at its end most connections wait for another first byte.
  stretch.connections = std::min(stretch.connections + std::exchange(delivered_, 0), allowed_);
  stretch.bytes_per_second = per_second(received - received_);
  received_ = received;
  // One alone says nothing of what is usual.
  if (speeds.size() > 1 || (usual_speed_ == 0 && !speeds.empty())) {
    const auto middle = speeds.begin() + static_cast<std::ptrdiff_t>(speeds.size() / 2);
    std::nth_element(speeds.begin(), middle, speeds.end());
    usual_speed_ = *middle;
  }
  const Limits limits = limits_.with([](const Limits& now) { return now; });
  const int most = limits.connections <= 0 ? kConnectionsMax : limits.connections;
  appetite_ = adapt(appetite_, stretch, most);
}

Result<> Receiver::replace_laggards(net::BulkSession& session, std::int64_t now_ms) {
  std::vector<std::uint64_t> laggards;
  const bool others_are_idle =
      schedule_.unasked_bytes() == 0 && lanes_.size() < static_cast<std::size_t>(allowed_);
  for (auto& [key, lane] : lanes_) {
    const bool slow =
        is_laggard(lane.bytes_per_second, usual_speed_, std::numeric_limits<std::int64_t>::max());
    if (!slow) lane.slow_since_ms = now_ms;
    // An upstream without ranges would send all of it once more.
    FileWork& work = schedule_.at(lane.file);
    const bool can_go_on = work.known || !work.part->in_ranges();
    // An upstream that thinks long before each answer gets more time with each replacement.
    const std::int64_t slow_ms = (now_ms - lane.slow_since_ms) >> std::min(work.fruitless, 6);
    const bool late = others_are_idle && lane.first_byte_ms &&
                      is_late(lane.sink->left().size(), lane.bytes_per_second, pace());
    const bool lags = is_laggard(lane.bytes_per_second, usual_speed_, slow_ms);
    if (!can_go_on || (!lags && !late)) continue;
    if (lane.sink->received() == 0) ++work.fruitless;
    laggards.push_back(key);
  }
  for (const std::uint64_t key : laggards) {
    log::debug("download.connection_replaced",
               {{"path", schedule_.at(lanes_.at(key).file).part->file().path}});
    TRY(lanes_.at(key).sink->flush());
    drop_lane(session, key);
    // Should all have become slow, they soon count as usual.
    usual_speed_ -= usual_speed_ / 4;
  }
  return {};
}

Result<> Receiver::note_progress() {
  for (auto& [key, lane] : lanes_) {
    // A lane that was overtaken by a new beginning says so when its next bytes come.
    if (!lane.sink->is_outdated()) TRY(lane.sink->flush());
  }
  for (const std::size_t file : schedule_.active()) TRY(schedule_.at(file).part->note());
  setup_.on_bytes();
  return {};
}

}  // namespace modelkeep::fetch
