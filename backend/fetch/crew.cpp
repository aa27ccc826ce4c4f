#include "fetch/crew.h"

#include <cstdint>
#include <utility>

#include "base/log.h"
#include "fetch/bell.h"

namespace modelkeep::fetch {
namespace {

constexpr std::int64_t kLookEveryMs = 500;

}  // namespace

std::stop_source SlotBook::enter(int slot) {
  std::stop_source stop;
  running_.with([&](auto& running) { running.insert_or_assign(slot, stop); });
  return stop;
}

void SlotBook::leave(int slot) {
  running_.with([&](auto& running) { running.erase(slot); });
}

void SlotBook::stop_from(int first_slot) {
  running_.with([&](auto& running) {
    for (auto at = running.lower_bound(first_slot); at != running.end(); ++at)
      at->second.request_stop();
  });
}

void keep_crew(const std::function<int()>& limit, SlotBook& slots,
               const std::function<Result<std::function<void()>>()>& hire, std::stop_token stop) {
  std::vector<std::jthread> threads;
  Bell quiet;
  std::uint64_t heard = 0;
  while (!stop.stop_requested()) {
    const int wanted = limit();
    // Without a database there is nothing to work on; the next look asks again.
    while (threads.size() < static_cast<std::size_t>(wanted > 0 ? wanted : 1)) {
      auto work = hire();
      if (!work) {
        log::failure("fetcher.hire_failed", work.error());
        break;
      }
      threads.emplace_back(std::move(*work));
    }
    slots.stop_from(wanted);
    quiet.wait(kLookEveryMs, heard, stop);
  }
}

}  // namespace modelkeep::fetch
