// nginx's record of the bytes it sent: the master gives it a fresh file at each start and whenever
// one is full; the drainer of the workers takes the old ones away.
#include <algorithm>
#include <csignal>

#include "app/master.h"
#include "app/proc_table.h"
#include "app/role_paths.h"
#include "base/log.h"
#include "catalog/backup.h"
#include "usage/served_log.h"

namespace modelkeep::app {
namespace {

constexpr std::int64_t kLookMs = 5'000;

}  // namespace

/// What is imported is on the disk for sure, what nginx wrote is not: after a power cut the old
/// file may be shorter than what was imported of it, so nothing is added to it any more.
void Master::begin_bytes_log() {
  auto begun = usage::begin_served_log(layout_.journal_dir());
  if (!begun && begun.error().kind == ErrorKind::no_space &&
      catalog::drop_ballast(state_paths(layout_)))
    begun = usage::begin_served_log(layout_.journal_dir());
  // The old one does meanwhile.
  if (!begun) log::failure("master.bytes_log", begun.error());
  bytes_log_seen_ms_ = clock_.mono_ms();
}

void Master::look_after_bytes_log() {
  if (!announced_ || clock_.mono_ms() - bytes_log_seen_ms_ < kLookMs) return;
  bytes_log_seen_ms_ = clock_.mono_ms();
  const auto nginx = supervisor_.pid_of(Role::nginx);
  // Before it has workers nginx does not know the signal yet, and would die of it.
  if (!nginx || children_of(*nginx).empty()) return;
  if (!usage::needs_fresh_served_log(layout_.journal_dir())) return;
  begin_bytes_log();
  kill(*nginx, SIGUSR1);
}

std::int64_t Master::bytes_log_look_in_ms() const {
  return std::max<std::int64_t>(0, bytes_log_seen_ms_ + kLookMs - clock_.mono_ms());
}

}  // namespace modelkeep::app
