// The loop that drains, in one worker of all.
#include <algorithm>
#include <chrono>
#include <optional>

#include "base/file_lock.h"
#include "base/log.h"
#include "usage/drain.h"

namespace modelkeep::usage {
namespace {

// An import takes the database's pages from under all readers, so it may take a fiftieth of the time: under
// load fewer and larger ones. Never so rare that a power cut could take more than a second of reads along.
constexpr std::int64_t kApartMs = 100;
constexpr std::int64_t kApartMaxMs = 800;
constexpr std::int64_t kApartToWork = 50;
constexpr std::int64_t kBusyEvents = 50;
constexpr std::int64_t kRanksApartMs = 2'000;  // The order of the list may be that far behind.
constexpr std::int64_t kIdleMs = 2'000;        // Without a wake: to find the journals of the dead.
constexpr std::int64_t kCandidateMs = 200;     // How long the role may stay free.
constexpr std::int64_t kAfterFailureMs = 1'000;
constexpr std::chrono::milliseconds kDrainTimeout{1'000};

void log_failure(std::string_view event, const Result<>& result) {
  if (!result) log::failure(event, result.error());
}

bool drain(sqlite::Connection& db, const DrainPaths& paths, catalog::EventNumbers& numbers,
           Pulse& pulse, Clock& clock) {
  const auto alone = FileLock::take(paths.drain_lock, kDrainTimeout);
  if (!alone) return alone.error().code == codes::lock_held;  // A reader is draining: as good.
  const auto drained = drain_once(db, paths, numbers, clock);
  if (!drained) log::failure("usage.drain", drained.error());
  pulse.set_busy(drained && drained->events > kBusyEvents);
  return drained.has_value();
}

void rest_until(std::int64_t mono_ms, Clock& clock, const std::stop_token& stop) {
  while (!stop.stop_requested() && clock.mono_ms() < mono_ms) {
    clock.sleep_ms(std::min(mono_ms - clock.mono_ms(), kApartMs));
  }
}

}  // namespace

void run_drainer(sqlite::Connection& db, const DrainPaths& paths, Pulse& pulse, Clock& clock,
                 std::stop_token stop) {
  const std::stop_callback waker(stop, [&pulse] { pulse.wake(); });
  catalog::EventNumbers numbers(catalog::EventNumbers::Ranks::later);
  std::int64_t ranked_ms = 0;
  std::optional<FileLock> role;
  while (!stop.stop_requested()) {
    if (role && !role->still_ours()) role.reset();
    if (!role) {
      auto taken = FileLock::try_take(paths.drainer_lock);
      if (!taken) {
        clock.sleep_ms(kCandidateMs);
        continue;
      }
      role = std::move(*taken);
      log_failure("usage.ranks", catalog::save_all_ranks(db));
    }
    const std::uint32_t seen = pulse.count();
    const std::int64_t began_ms = clock.mono_ms();
    if (!drain(db, paths, numbers, pulse, clock)) clock.sleep_ms(kAfterFailureMs);
    const std::int64_t apart_ms =
        std::clamp(kApartToWork * (clock.mono_ms() - began_ms), kApartMs, kApartMaxMs);
    if (stop.stop_requested()) break;
    if (numbers.has_unranked() && began_ms - ranked_ms >= kRanksApartMs) {
      log_failure("usage.ranks", catalog::save_ranks(db, numbers));
      ranked_ms = began_ms;
    }
    pulse.wait(seen, kIdleMs);
    rest_until(began_ms + apart_ms, clock, stop);
  }
  if (!role) return;
  drain(db, paths, numbers, pulse, clock);
  log_failure("usage.ranks", catalog::save_ranks(db, numbers));
}

}  // namespace modelkeep::usage
