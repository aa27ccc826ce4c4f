#include "fetch/upkeep.h"

#include <optional>

#include "base/error_codes.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "catalog/settings.h"
#include "fetch/full_disk.h"
#include "fetch/queue.h"
#include "fetch/removals.h"

namespace modelkeep::fetch {
namespace {

constexpr std::int64_t kRoundMs = 1'000;
constexpr std::int64_t kBeatMs = 10'000;

class Round {
 public:
  Round(const Surroundings& around, sqlite::Connection& db, Bell& bell)
      : around_(around), db_(db), bell_(bell) {}

  void beat();
  /// True while it is held.
  bool hold_lock();
  void work();

 private:
  const Surroundings& around_;
  sqlite::Connection& db_;
  Bell& bell_;
  std::optional<FileLock> lock_;
  Recovery recovery_;
  std::optional<std::int64_t> beaten_at_ms_;
};

void Round::beat() {
  const std::int64_t now_ms = around_.clock->mono_ms();
  if (beaten_at_ms_ && now_ms - *beaten_at_ms_ < kBeatMs) return;
  const std::string name = "fetcher:" + std::to_string(around_.config->index);
  auto beaten = catalog::beat(db_, name, around_.clock->now());
  if (!beaten && make_room_for_rows(around_, beaten.error()))
    beaten = catalog::beat(db_, name, around_.clock->now());
  if (beaten) beaten_at_ms_ = now_ms;
}

bool Round::hold_lock() {
  // Someone who took the file away by hand let a second holder in; stand down and ask again.
  if (lock_ && !lock_->still_ours()) lock_.reset();
  if (lock_) return true;
  auto taken = FileLock::try_take(around_.config->layout.upkeep_lock());
  if (taken) lock_ = std::move(*taken);
  return lock_.has_value();
}

void Round::work() {
  if (const auto recovered = recovery_.look(around_.config->layout, db_); !recovered) {
    log::failure("recovery.failed", recovered.error());
  } else if (*recovered > 0) {
    bell_.ring();
  }
  if (const auto removed = execute_removals(around_, db_); !removed) {
    log::failure("removal.failed", removed.error());
  }
}

}  // namespace

void keep_up(const Surroundings& around, sqlite::Connection& db, Bell& bell,
             std::atomic<bool>& keeps_up, std::stop_token stop) {
  Round round(around, db, bell);
  // Its own: a bell that rings for downloads does not make this round come sooner.
  Bell quiet;
  std::uint64_t heard = 0;
  while (!stop.stop_requested()) {
    round.beat();
    keeps_up = round.hold_lock();
    if (keeps_up) round.work();
    quiet.wait(kRoundMs, heard, stop);
  }
}

}  // namespace modelkeep::fetch
