#include "fetch/queue.h"

#include <string>
#include <utility>

#include "base/error_codes.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "catalog/queue.h"
#include "catalog/settings.h"
#include "fetch/full_disk.h"
#include "fetch/job.h"
#include "fetch/slots.h"

namespace modelkeep::fetch {
namespace {

constexpr std::int64_t kIdleWaitMs = 1'000;
// Slots become free in other processes, which ring no bell of ours.
constexpr std::int64_t kSlotWaitMs = 300;
constexpr std::int64_t kHeldLockWaitMs = 2'000;

struct Turn {
  bool worked = false;
  std::int64_t wait_ms = kIdleWaitMs;
};

// Its earlier holder has not noticed yet that it lost the claim, or was stopped in its tracks.
// Others go first.
Result<> step_back(const Surroundings& around, sqlite::Connection& db,
                   const catalog::Claim& claim) {
  const Time later{around.clock->now().ms + kHeldLockWaitMs};
  return catalog::wait_for(db, claim, catalog::WaitReason::none, later);
}

// One fetcher of the machine at a time, so that a long queue asks upstream one question after the
// other.
Result<Turn> plan_ahead(const Surroundings& around, sqlite::Connection& db,
                        const std::stop_token& stop) {
  const Turn later{.wait_ms = kSlotWaitMs};
  if (!TRY(catalog::has_unplanned(db, around.clock->now()))) return later;
  const storage::Layout& layout = around.config->layout;
  const auto alone = FileLock::try_take(layout.lock("plan-ahead"));
  if (!alone) return later;
  const auto download = TRY(catalog::claim_unplanned(db, around.clock->now()));
  if (!download) return later;
  const auto lock = FileLock::try_take(layout.download_lock(download->id));
  if (!lock) {
    TRY(step_back(around, db, {download->id, download->epoch}));
    return later;
  }
  TRY(run_plan(around, db, *download, stop));
  return Turn{.worked = true};
}

Result<Turn> take_turn(const Surroundings& around, sqlite::Connection& db, SlotBook& slots,
                       const std::stop_token& stop) {
  if (!TRY(catalog::has_claimable(db, around.clock->now()))) return Turn{};
  const auto slot = TRY(take_slot(around.config->layout, around.config->downloads_now()));
  if (!slot) return plan_ahead(around, db, stop);
  const auto download = TRY(catalog::claim_next_queued(db, around.clock->now()));
  if (!download) return Turn{};
  const auto lock = FileLock::try_take(around.config->layout.download_lock(download->id));
  if (!lock) {
    TRY(step_back(around, db, {download->id, download->epoch}));
    return Turn{.wait_ms = kSlotWaitMs};
  }
  log::info(
      "download.claimed",
      {{"download", download->id}, {"model", download->model_name}, {"epoch", download->epoch}});
  std::stop_source own = slots.enter(slot->number);
  const std::stop_callback passed_on(stop, [&own] { own.request_stop(); });
  auto ran = run_job(around, db, *download, own.get_token());
  slots.leave(slot->number);
  TRY(std::move(ran));
  return Turn{.worked = true};
}

}  // namespace

void work_on_queue(const Surroundings& around, sqlite::Connection& db, SlotBook& slots, Bell& bell,
                   std::stop_token stop) {
  std::uint64_t heard = 0;
  while (!stop.stop_requested()) {
    const auto turn = take_turn(around, db, slots, stop);
    if (!turn && turn.error().code != codes::claim_lost)
      log::failure("fetcher.turn_failed", turn.error());
    if (!turn) make_room_for_rows(around, turn.error());
    if (turn && turn->worked) continue;
    bell.wait(turn ? turn->wait_ms : kIdleWaitMs, heard, stop);
  }
}

Result<int> Recovery::look(const storage::Layout& layout, sqlite::Connection& db) {
  std::map<std::int64_t, std::int64_t> suspects;
  int requeued = 0;
  for (const catalog::Claim& claim : TRY(catalog::running_downloads(db))) {
    const auto lock = FileLock::try_take(layout.download_lock(claim.download_id));
    if (!lock) continue;
    const auto known = suspects_.find(claim.download_id);
    if (known == suspects_.end() || known->second != claim.epoch) {
      suspects[claim.download_id] = claim.epoch;
      continue;
    }
    if (TRY(catalog::requeue(db, claim))) {
      ++requeued;
      log::warn("download.recovered", {{"download", claim.download_id}, {"epoch", claim.epoch}});
    }
  }
  suspects_ = std::move(suspects);
  return requeued;
}

}  // namespace modelkeep::fetch
