#include "fetch/adapting.h"

#include <algorithm>

namespace modelkeep::fetch {
namespace {

using Mood = Appetite::Mood;

// A step up must bring this much more, or it is taken back: noise brings a few percent by itself.
constexpr std::uint64_t kWorthPercent = 10;
// How long a step is judged; its first stretch still holds the time in which connections opened.
constexpr int kJudgedStretches = 6;
// Ten seconds until the next step up is tried, thirty when something broke.
constexpr int kContentStretches = 100;
constexpr int kCarefulStretches = 300;

Appetite settle(Appetite appetite, int target, Mood mood) {
  appetite.target = target;
  appetite.mood = mood;
  appetite.stretches = 0;
  appetite.speed_sum = 0;
  return appetite;
}

Appetite step_up(Appetite appetite, int target, std::uint64_t speed) {
  appetite.before = appetite.target;
  appetite.speed_before = speed;
  return settle(appetite, target, Mood::growing);
}

Appetite judge_step(Appetite appetite, const Stretch& stretch, int allowed) {
  std::uint64_t speed = stretch.bytes_per_second;
  if (appetite.before > 0) {
    if (appetite.stretches > 1) appetite.speed_sum += speed;
    if (appetite.stretches < kJudgedStretches) return appetite;
    speed = appetite.speed_sum / (kJudgedStretches - 1);
    if (speed * 100 < appetite.speed_before * (100 + kWorthPercent))
      return settle(appetite, appetite.before, Mood::content);
  }
  if (appetite.target >= allowed) return settle(appetite, appetite.target, Mood::content);
  return step_up(appetite, appetite.target * 2, speed);
}

Appetite decide(Appetite appetite, const Stretch& stretch, int allowed) {
  if (stretch.throttled > 0) return settle(appetite, appetite.target / 2, Mood::careful);
  if (stretch.broken > 0) return settle(appetite, appetite.target - 1, Mood::careful);
  // Fewer than wanted: the budget or the work was short, which says nothing about the upstream.
  if (stretch.connections < appetite.target || stretch.bytes_per_second == 0) return appetite;
  ++appetite.stretches;
  switch (appetite.mood) {
    case Mood::growing:
      return judge_step(appetite, stretch, allowed);
    case Mood::content:
    case Mood::careful: {
      const int wait = appetite.mood == Mood::content ? kContentStretches : kCarefulStretches;
      if (appetite.stretches < wait || appetite.target >= allowed) return appetite;
      return step_up(appetite, appetite.target + std::max(1, appetite.target / 4),
                     stretch.bytes_per_second);
    }
  }
  return appetite;
}

}  // namespace

Appetite adapt(Appetite appetite, const Stretch& stretch, int allowed) {
  Appetite next = decide(appetite, stretch, allowed);
  next.target = std::clamp(next.target, 1, std::max(allowed, 1));
  return next;
}

}  // namespace modelkeep::fetch
