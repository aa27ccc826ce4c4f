#include "fetch/pay.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/shared_page.h"

namespace modelkeep::fetch {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
// Unused time that may be made up for.
constexpr std::int64_t kCreditNs = kNsPerSecond / 4;
// One read of all connections at the smallest rates; beyond it the number is not ours.
constexpr std::int64_t kDebtMaxNs = 60 * kNsPerSecond;
constexpr std::uint64_t kBytesForOne = std::uint64_t{512} << 10;

static_assert(std::atomic<std::int64_t>::is_always_lock_free);

}  // namespace

PaidUntil pay(PaidUntil paid_until, std::int64_t now_ns, std::uint64_t bytes,
              std::uint64_t bytes_per_second) {
  if (paid_until > now_ns + kDebtMaxNs) paid_until = now_ns;
  paid_until = std::max(paid_until, now_ns - kCreditNs);
  const double cost_ns = static_cast<double>(bytes) * static_cast<double>(kNsPerSecond) /
                         static_cast<double>(std::max<std::uint64_t>(bytes_per_second, 1));
  const auto most_ns = static_cast<double>(kDebtMaxNs);
  return std::min(paid_until + static_cast<std::int64_t>(std::min(cost_ns, most_ns)),
                  now_ns + kDebtMaxNs);
}

std::int64_t debt_ns(PaidUntil paid_until, std::int64_t now_ns) {
  if (paid_until > now_ns + kDebtMaxNs) return 0;
  return std::max<std::int64_t>(paid_until - now_ns, 0);
}

int connections_under(std::uint64_t bytes_per_second, int connections) {
  if (bytes_per_second == 0) return connections;
  const auto enough = static_cast<std::uint64_t>(std::max(connections, 1));
  return static_cast<int>(std::clamp<std::uint64_t>(bytes_per_second / kBytesForOne, 1, enough));
}

struct SharedAccount::Page {
  static constexpr std::string_view kLayout = "rate account 1";
  std::atomic<std::int64_t> paid_until;
};

SharedAccount::SharedAccount(std::shared_ptr<Page> page) : page_(std::move(page)) {}

Result<SharedAccount> SharedAccount::open(const std::string& path) {
  auto page = TRY(open_shared_page<Page>(path));
  return SharedAccount(std::move(page));
}

std::int64_t SharedAccount::pay(std::int64_t now_ns, std::uint64_t bytes,
                                std::uint64_t bytes_per_second) {
  PaidUntil before = page_->paid_until.load();
  for (;;) {
    const PaidUntil after = fetch::pay(before, now_ns, bytes, bytes_per_second);
    if (page_->paid_until.compare_exchange_weak(before, after)) return debt_ns(after, now_ns);
  }
}

}  // namespace modelkeep::fetch
