#include "storage/live_part.h"

#include <algorithm>

#include <unistd.h>

#include "base/files.h"
#include "base/shared_page.h"

namespace modelkeep::storage {
namespace {

constexpr std::size_t kStretchesMax = 96;
constexpr std::size_t kWishesMax = 8;
constexpr std::size_t kBootIdBytes = 36;
constexpr int kLooksMax = 100;

/// A number for this boot of the machine; never 0.
std::uint64_t this_boot() {
  static const std::uint64_t boot = [] {
    std::array<std::byte, kBootIdBytes> id{};
    const auto file = posix_files().open("/proc/sys/kernel/random/boot_id", OpenMode::read);
    if (file) static_cast<void>(posix_files().read_at(*file, id, 0));
    std::uint64_t number = 14'695'981'039'346'656'037ULL;  // FNV-1a.
    for (const std::byte one : id)
      number = (number ^ static_cast<std::uint64_t>(one)) * 1'099'511'628'211ULL;
    return number | 1;
  }();
  return boot;
}

}  // namespace

struct LivePart::Page {
  static constexpr std::string_view kLayout = "live part 1";
  using Number = std::atomic<std::uint64_t>;
  Number boot;
  Number turn;  // Odd while it is being written: whoever read meanwhile reads again.
  Number replaced;
  Number right;
  Number count;
  std::array<Number, 2 * kStretchesMax> stretches;
  Number wishes;  // How many there ever were; the last ones are kept.
  std::array<Number, 2 * kWishesMax> wished;
};

Result<LivePart> LivePart::create(const std::string& path) {
  return LivePart(TRY(open_shared_page<Page>(path)));
}

std::optional<LivePart> LivePart::find(const std::string& path) {
  if (::access(path.c_str(), R_OK | W_OK) != 0) return std::nullopt;
  auto page = open_shared_page<Page>(path);
  if (!page || (*page)->boot != this_boot()) return std::nullopt;
  return LivePart(std::move(*page));
}

void LivePart::write(std::span<const Stretch> there) {
  std::vector<Stretch> kept;
  if (there.size() > kStretchesMax) {
    // The largest say most; of the others nobody hears until they have grown together.
    kept.assign(there.begin(), there.end());
    std::nth_element(
        kept.begin(), kept.begin() + kStretchesMax, kept.end(),
        [](const Stretch& a, const Stretch& b) { return a.end - a.begin > b.end - b.begin; });
    kept.resize(kStretchesMax);
    there = kept;
  }
  const std::uint64_t turn = page_->turn.load(std::memory_order_relaxed) | 1;
  page_->turn.store(turn, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_release);
  std::size_t at = 0;
  for (const Stretch& one : there) {
    page_->stretches[at++].store(one.begin, std::memory_order_relaxed);
    page_->stretches[at++].store(one.end, std::memory_order_relaxed);
  }
  page_->count.store(there.size(), std::memory_order_relaxed);
  page_->turn.store(turn + 1, std::memory_order_release);
}

std::optional<std::vector<Stretch>> LivePart::read() const {
  for (int look = 0; look < kLooksMax; ++look) {
    const std::uint64_t before = page_->turn.load(std::memory_order_acquire);
    if (before % 2 == 1) continue;
    const auto count =
        std::min<std::uint64_t>(page_->count.load(std::memory_order_relaxed), kStretchesMax);
    std::vector<Stretch> found(static_cast<std::size_t>(count));
    std::size_t at = 0;
    for (Stretch& one : found) {
      one.begin = page_->stretches[at++].load(std::memory_order_relaxed);
      one.end = page_->stretches[at++].load(std::memory_order_relaxed);
    }
    std::atomic_thread_fence(std::memory_order_acquire);
    if (page_->turn.load(std::memory_order_relaxed) == before) return found;
  }
  return std::nullopt;
}

std::vector<Stretch> LivePart::told() const {
  if (page_->boot != this_boot()) return {};
  return read().value_or(std::vector<Stretch>{});
}

void LivePart::begin(std::span<const Stretch> there) {
  const auto told = page_->boot == this_boot() ? read() : std::vector<Stretch>{};
  const auto is_there = [&](const Stretch& one) {
    return std::any_of(there.begin(), there.end(), [&](const Stretch& now) {
      return now.begin <= one.begin && one.end <= now.end;
    });
  };
  if (!told || !std::all_of(told->begin(), told->end(), is_there)) replace();
  write(there);
  page_->boot = this_boot();
}

void LivePart::show(std::span<const Stretch> there) {
  write(there);
}

void LivePart::replace() {
  page_->right = 0;
  ++page_->replaced;
}

void LivePart::say_right() {
  page_->right = 1;
}

bool LivePart::was_replaced() const {
  return page_->replaced > 0;
}

std::vector<Stretch> LivePart::wishes() const {
  std::vector<Stretch> found;
  const std::uint64_t count = page_->wishes;
  for (std::uint64_t back = 1; back <= std::min<std::uint64_t>(count, kWishesMax); ++back) {
    const auto at = static_cast<std::size_t>(2 * ((count - back) % kWishesMax));
    // Two workers may have written at once; a wish that is wrong costs an odd order of ranges.
    found.push_back({page_->wished[at], page_->wished[at + 1]});
  }
  return found;
}

std::optional<LivePart::State> LivePart::state(std::uint64_t from) const {
  State state{.ready_to = from};
  // In this order: what is right again after bytes were replaced is never taken for what it was.
  state.right = page_->right == 1;
  state.replaced = page_->replaced;
  const auto there = read();
  if (!there) return std::nullopt;
  for (const Stretch& one : *there) {
    if (one.begin <= from && from < one.end) state.ready_to = one.end;
  }
  return state;
}

void LivePart::wish(Stretch wanted) {
  const auto at = static_cast<std::size_t>(2 * (page_->wishes.fetch_add(1) % kWishesMax));
  page_->wished[at] = wanted.begin;
  page_->wished[at + 1] = wanted.end;
}

}  // namespace modelkeep::storage
