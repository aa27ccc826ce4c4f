#include "fetch/stream_crew.h"

#include <cstddef>
#include <utility>

#include "base/error_codes.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "catalog/queue.h"
#include "catalog/store.h"
#include "fetch/errands.h"
#include "fetch/full_disk.h"
#include "fetch/job.h"

namespace modelkeep::fetch {
namespace {

// In one fetcher; they share connections and bytes with all others anyway.
constexpr std::size_t kAtOnceMax = 32;
constexpr std::int64_t kIdleWaitMs = 1'000;
constexpr std::int64_t kHeldLockWaitMs = 2'000;

Result<> run(const Surroundings& around, const catalog::Download& download,
             const std::stop_token& stop) {
  auto db = TRY(catalog::open(around.config->state));
  const catalog::Claim claim{download.id, download.epoch};
  const auto lock = FileLock::try_take(around.config->layout.download_lock(download.id));
  if (!lock) {
    const Time later{around.clock->now().ms + kHeldLockWaitMs};
    return catalog::wait_for(db, claim, catalog::WaitReason::none, later);
  }
  log::info("download.claimed",
            {{"download", download.id}, {"model", download.model_name}, {"epoch", download.epoch}});
  return run_job(around, db, download, stop);
}

/// True when there may be another one.
Result<bool> take_turn(const Surroundings& around, sqlite::Connection& db, Errands& running,
                       const std::stop_token& stop) {
  // "Pause all" is a limit of none, and holds for these too.
  if (around.config->downloads_now() <= 0 || !running.has_room()) return false;
  if (!TRY(catalog::has_streaming(db, around.clock->now()))) return false;
  auto download = TRY(catalog::claim_streaming(db, around.clock->now()));
  if (!download) return false;
  running.start([&around, stop, claimed = *std::move(download)] {
    const auto ran = run(around, claimed, stop);
    if (ran || ran.error().code == codes::claim_lost) return;
    log::failure("fetcher.turn_failed", ran.error());
    make_room_for_rows(around, ran.error());
  });
  return true;
}

}  // namespace

void keep_stream_crew(const Surroundings& around, sqlite::Connection& db, Bell& bell,
                      std::stop_token stop) {
  Errands running(kAtOnceMax);
  std::uint64_t heard = 0;
  while (!stop.stop_requested()) {
    const auto turn = take_turn(around, db, running, stop);
    if (!turn) log::failure("fetcher.turn_failed", turn.error());
    if (!turn || !*turn) bell.wait(kIdleWaitMs, heard, stop);
  }
}

}  // namespace modelkeep::fetch
