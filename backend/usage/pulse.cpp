#include "usage/pulse.h"

#include <algorithm>
#include <atomic>
#include <climits>
#include <ctime>
#include <utility>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/shared_page.h"

namespace modelkeep::usage {

struct Pulse::Page {
  static constexpr std::string_view kLayout = "pulse 2";
  std::atomic<std::uint32_t> count;
  std::atomic<std::uint32_t> waiting;
  std::atomic<std::uint32_t> busy;
  std::atomic<std::int64_t> settled_until_ms;
};

namespace {
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);
static_assert(std::atomic<std::int64_t>::is_always_lock_free);
}  // namespace

Pulse::Pulse(std::shared_ptr<Page> page) : page_(std::move(page)) {}

Result<Pulse> Pulse::open(const std::string& path) {
  auto page = TRY(open_shared_page<Page>(path));
  return Pulse(std::move(page));
}

void Pulse::appended() {
  page_->count.fetch_add(1);
  if (page_->waiting.load() != 0) wake();
}

void Pulse::wake() {
  page_->waiting.store(0);
  page_->count.fetch_add(1);
  ::syscall(SYS_futex, &page_->count, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

std::uint32_t Pulse::count() const {
  return page_->count.load();
}

void Pulse::wait(std::uint32_t seen, std::int64_t timeout_ms) const {
  // Said before the kernel compares: who appends later than that sees it and wakes us.
  page_->waiting.store(1);
  const timespec timeout{static_cast<time_t>(timeout_ms / 1000), (timeout_ms % 1000) * 1'000'000};
  ::syscall(SYS_futex, &page_->count, FUTEX_WAIT, seen, &timeout, nullptr, 0);
}

void Pulse::set_busy(bool busy) {
  page_->busy.store(busy ? 1 : 0);
}

bool Pulse::may_settle(std::int64_t mono_ms) {
  if (page_->busy.load() != 0) return false;
  constexpr std::int64_t kBudgetMs = kIntervalMs * kBurst;
  std::int64_t until = page_->settled_until_ms.load();
  for (;;) {
    // Further ahead than any budget: written before the machine was started again.
    const std::int64_t base = until > mono_ms + kBudgetMs ? mono_ms : std::max(until, mono_ms);
    const std::int64_t next = base + kIntervalMs;
    if (next > mono_ms + kBudgetMs) return false;
    if (page_->settled_until_ms.compare_exchange_weak(until, next)) return true;
  }
}

}  // namespace modelkeep::usage
