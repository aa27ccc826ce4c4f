#include "fetch/pay.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"
#include "tests/support/test_store.h"

namespace modelkeep::fetch {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNow = 1'000 * kSecond;

TEST(Pay, makes_bytes_cost_time) {
  struct Row {
    const char* what;
    PaidUntil paid_until;
    std::uint64_t bytes;
    std::uint64_t rate;
    std::int64_t debt_ns;
  };
  constexpr Row kRows[] = {
      {"nothing received", kNow, 0, 100, 0},
      {"a second's worth", kNow, 100, 100, kSecond},
      {"on top of a debt", kNow + kSecond, 100, 100, 2 * kSecond},
      {"after a long rest a quarter of a second is free", 0, 100, 100, kSecond * 3 / 4},
      {"the rest of a moment ago", kNow - kSecond / 20, 100, 100, kSecond * 19 / 20},
      {"an account of another boot", kNow + 5'000 * kSecond, 100, 100, kSecond},
      {"a debt that no patience bears", kNow, std::uint64_t{1} << 62, 1, 60 * kSecond},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(debt_ns(pay(row.paid_until, kNow, row.bytes, row.rate), kNow), row.debt_ns)
        << row.what;
  }
}

TEST(Pay, keeps_to_the_rate_over_any_pattern_of_reads) {
  constexpr std::uint64_t kRate = 1'000'000;
  PaidUntil paid_until = 0;
  std::int64_t now_ns = kNow;
  std::uint64_t received = 0;
  for (int i = 0; i < 1'000; ++i) {
    const std::uint64_t bytes = 1'000 + (static_cast<std::uint64_t>(i) * 7'919) % 200'000;
    paid_until = pay(paid_until, now_ns, bytes, kRate);
    received += bytes;
    now_ns += debt_ns(paid_until, now_ns);
  }
  const auto seconds = static_cast<double>(now_ns - kNow) / kSecond;
  EXPECT_NEAR(static_cast<double>(received) / seconds, kRate, kRate * 0.01);
}

TEST(Pay, gives_each_connection_enough_to_live) {
  struct Row {
    std::uint64_t rate;
    int connections;
    int expected;
  };
  constexpr Row kRows[] = {
      {0, 16, 16}, {1'000, 16, 1}, {600'000, 16, 1}, {4'000'000, 16, 7}, {1'000'000'000, 16, 16},
  };
  for (const Row& row : kRows)
    EXPECT_EQ(connections_under(row.rate, row.connections), row.expected) << row.rate;
}

TEST(SharedAccount, is_one_for_all_who_open_it) {
  TempFolder folder;
  auto one = must(SharedAccount::open(folder.path() + "/paid"));
  auto other = must(SharedAccount::open(folder.path() + "/paid"));
  one.pay(kNow, 100, 100);
  EXPECT_EQ(other.pay(kNow, 100, 100), kSecond * 7 / 4);
}

TEST(SharedAccount, loses_no_payment_of_many_threads) {
  TempFolder folder;
  auto account = must(SharedAccount::open(folder.path() + "/paid"));
  account.pay(kNow, 0, 1'000'000);
  {
    std::vector<std::jthread> payers;
    for (int i = 0; i < 4; ++i) {
      payers.emplace_back([&account] {
        for (int n = 0; n < 1'000; ++n) account.pay(kNow, 1'000, 1'000'000);
      });
    }
  }
  EXPECT_EQ(account.pay(kNow, 0, 1'000'000), 4 * kSecond - kSecond / 4);
}

}  // namespace
}  // namespace modelkeep::fetch
