#include "http/turns.h"

#include <algorithm>
#include <chrono>

namespace modelkeep::http {
namespace {

constexpr std::chrono::milliseconds kLook{2};
// Looks without any work between them, before the watcher rests until there is some.
constexpr int kIdleLooks = 50;
// What holds one up may hold up the next ones as well.
constexpr int kTurnsForHeldUp = 2;

}  // namespace

Turns::Turns(int threads, int at_once)
    : at_once_(at_once), slots_(static_cast<std::size_t>(threads)), turns_(at_once) {}

bool Turns::take(int thread) {
  if (thread < turns_) return true;
  std::unique_lock lock(mutex_);
  more_turns_.wait(lock, [&] { return ended_ || thread < turns_; });
  return !ended_;
}

void Turns::begin(int thread) {
  slots_[static_cast<std::size_t>(thread)].steps.fetch_add(1);
  if (!watcher_rests_) return;
  const std::scoped_lock lock(mutex_);
  watcher_rests_ = false;
  someone_works_.notify_one();
}

void Turns::done(int thread) {
  slots_[static_cast<std::size_t>(thread)].steps.fetch_add(1);
}

void Turns::end() {
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  turns_ = 0;
  more_turns_.notify_all();
  someone_works_.notify_all();
}

void Turns::watch() {
  int idle_looks = 0;
  std::unique_lock lock(mutex_);
  while (!ended_) {
    if (idle_looks >= kIdleLooks) rest(lock);
    if (someone_works_.wait_for(lock, kLook, [this] { return ended_; })) return;
    const Seen seen = look();
    idle_looks = seen.anyone_works ? 0 : idle_looks + 1;
    give_turns(at_once_ + kTurnsForHeldUp * seen.held_up);
  }
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

// Work that began before the flag was up is seen by the look, what begins after it wakes us.
void Turns::rest(std::unique_lock<std::mutex>& lock) {
  watcher_rests_ = true;
  if (!look().anyone_works) {
    someone_works_.wait(lock, [this] { return ended_ || !watcher_rests_; });
  }
  watcher_rests_ = false;
}

void Turns::give_turns(int threads) {
  const bool are_more = threads > turns_;
  turns_ = std::min(threads, static_cast<int>(slots_.size()));
  if (are_more) more_turns_.notify_all();
}

}  // namespace modelkeep::http
