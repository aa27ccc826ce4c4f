#include "http/turns.h"

#include <algorithm>
#include <chrono>

namespace modelkeep::http {
namespace {

constexpr std::chrono::milliseconds kLook{2};
// Looks without any work between them, before the watcher sleeps until there is some.
constexpr int kIdleLooks = 50;

}  // namespace

Turns::Turns(int threads, int at_once)
    : at_once_(at_once), slots_(static_cast<std::size_t>(threads)), wanted_(at_once) {}

bool Turns::take(int thread) {
  Slot& slot = slots_[static_cast<std::size_t>(thread)];
  if (slot.has_turn && turns_ <= wanted_) return true;
  std::unique_lock lock(mutex_);
  if (slot.has_turn && !ended_) {
    if (turns_ <= wanted_) return true;
    slot.has_turn = false;
    --turns_;
  }
  turn_is_free_.wait(lock, [this] { return ended_ || turns_ < wanted_; });
  if (ended_) return false;
  slot.has_turn = true;
  ++turns_;
  return true;
}

void Turns::begin(int thread) {
  slots_[static_cast<std::size_t>(thread)].steps.fetch_add(1);
  if (!watcher_sleeps_) return;
  const std::scoped_lock lock(mutex_);
  watcher_sleeps_ = false;
  someone_works_.notify_one();
}

void Turns::done(int thread) {
  slots_[static_cast<std::size_t>(thread)].steps.fetch_add(1);
}

void Turns::end() {
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  wanted_ = 0;  // So that those who keep their turn look as well.
  turn_is_free_.notify_all();
  someone_works_.notify_all();
}

Turns::Seen Turns::look() {
  Seen seen;
  for (Slot& slot : slots_) {
    const std::uint64_t steps = slot.steps;
    const bool works = steps % 2 == 1;
    if (works && steps == slot.steps_seen) ++seen.held_up;
    if (works || steps != slot.steps_seen) seen.anyone_works = true;
    slot.steps_seen = steps;
  }
  return seen;
}

void Turns::watch() {
  int idle_looks = 0;
  std::unique_lock lock(mutex_);
  while (!ended_) {
    if (idle_looks >= kIdleLooks) {
      watcher_sleeps_ = true;
      // Work that began before the flag was up is seen here, what begins after it wakes us.
      if (!look().anyone_works) {
        someone_works_.wait(lock, [this] { return ended_ || !watcher_sleeps_; });
      }
      watcher_sleeps_ = false;
    }
    if (someone_works_.wait_for(lock, kLook, [this] { return ended_; })) return;
    const Seen seen = look();
    idle_looks = seen.anyone_works ? 0 : idle_looks + 1;
    // Two for each that is held up: what holds them up may hold up the next ones as well.
    const int wanted = std::min(at_once_ + 2 * seen.held_up, static_cast<int>(slots_.size()));
    const bool more = wanted > wanted_;
    wanted_ = wanted;
    if (more) turn_is_free_.notify_all();
  }
}

}  // namespace modelkeep::http
