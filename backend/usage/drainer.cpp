// The loop that drains, in one worker of all.
#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "base/file_lock.h"
#include "base/log.h"
#include "usage/drain.h"

namespace modelkeep::usage {
namespace {

constexpr std::int64_t kApartMs = 100;
// An import takes the database's pages from under all readers: under load fewer and larger ones.
// Never so rare that a power cut could take more than a second of reads along.
constexpr std::int64_t kApartBusyMs = 800;
// Load is what goes on for a second; after a burst of a few hundred people see exact counts.
constexpr std::int64_t kBusyPerSecond = 500;
constexpr int kBusyDrains = 10;
constexpr std::int64_t kRanksApartMs = 2'000;  // The order of the list may be that far behind.
// Without a wake: to find what nginx wrote, and the journals of the dead.
constexpr std::int64_t kIdleMs = 1'000;
constexpr std::int64_t kCandidateMs = 200;  // How long the role may stay free.
constexpr std::int64_t kAfterFailureMs = 1'000;
constexpr std::chrono::milliseconds kDrainTimeout{1'000};

template <class T>
void log_failure(std::string_view event, const Result<T>& result) {
  if (!result) log::failure(event, result.error());
}

/// How many events it imported.
Result<std::int64_t> drain(sqlite::Connection& db, const DrainPaths& paths,
                           catalog::EventNumbers& numbers, Clock& clock) {
  const auto alone = FileLock::take(paths.drain_lock, kDrainTimeout);
  if (!alone && alone.error().code == codes::lock_held) return 0;  // A reader is draining: as good.
  if (!alone) return tl::unexpected(alone.error());
  return TRY(drain_once(db, paths, numbers, clock)).events;
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
  std::int64_t began_ms = clock.mono_ms();
  int many_in_a_row = 0;
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
    const std::int64_t last_ms = std::exchange(began_ms, clock.mono_ms());
    const auto drained = drain(db, paths, numbers, clock);
    log_failure("usage.drain", drained);
    if (!drained) clock.sleep_ms(kAfterFailureMs);
    const bool many = drained && *drained * 1'000 > kBusyPerSecond * (began_ms - last_ms);
    many_in_a_row = many ? many_in_a_row + 1 : 0;
    const bool busy = many_in_a_row >= kBusyDrains;
    pulse.set_busy(busy);
    if (stop.stop_requested()) break;
    if (numbers.has_unranked() && began_ms - ranked_ms >= kRanksApartMs) {
      log_failure("usage.ranks", catalog::save_ranks(db, numbers));
      ranked_ms = began_ms;
    }
    pulse.wait(seen, kIdleMs);
    rest_until(began_ms + (busy ? kApartBusyMs : kApartMs), clock, stop);
  }
  if (!role) return;
  log_failure("usage.drain", drain(db, paths, numbers, clock));
  log_failure("usage.ranks", catalog::save_ranks(db, numbers));
}

}  // namespace modelkeep::usage
