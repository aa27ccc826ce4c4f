#include "fetch/chores.h"

#include <optional>

#include "base/log.h"
#include "fetch/bell.h"

namespace modelkeep::fetch {
namespace {

constexpr std::int64_t kRoundMs = 1'000;

}  // namespace

void do_chores(const std::vector<Chore>& chores, sqlite::Connection& db, Clock& clock,
               const std::atomic<bool>& keeps_up, std::stop_token stop) {
  std::vector<std::optional<std::int64_t>> done_at_ms(chores.size());
  Bell quiet;
  std::uint64_t heard = 0;
  while (!stop.stop_requested()) {
    for (std::size_t i = 0; i < chores.size() && keeps_up && !stop.stop_requested(); ++i) {
      const std::int64_t now_ms = clock.mono_ms();
      if (done_at_ms[i] && now_ms - *done_at_ms[i] < chores[i].every_ms) continue;
      done_at_ms[i] = now_ms;
      if (const auto done = chores[i].run(db); !done) {
        log::failure("chore.failed", done.error(), {{"chore", chores[i].name}});
      }
    }
    quiet.wait(kRoundMs, heard, stop);
  }
}

}  // namespace modelkeep::fetch
