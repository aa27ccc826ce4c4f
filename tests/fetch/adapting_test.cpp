#include "fetch/adapting.h"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

namespace modelkeep::fetch {
namespace {

constexpr std::uint64_t kMB = 1'000'000;

/// The target after `stretches` with an upstream that gives `speed_of(connections)`.
int target_with(const std::function<std::uint64_t(int)>& speed_of, int allowed, int stretches) {
  Appetite appetite;
  appetite.target = std::min(appetite.target, allowed);
  for (int i = 0; i < stretches; ++i) {
    const Stretch stretch{.bytes_per_second = speed_of(appetite.target),
                          .connections = appetite.target};
    appetite = adapt(appetite, stretch, allowed);
  }
  return appetite.target;
}

TEST(Adapting, opens_as_many_connections_as_bring_more) {
  struct Row {
    const char* what;
    std::function<std::uint64_t(int)> speed_of;
    int allowed;
    int expected;
  };
  const Row rows[] = {
      {"each brings its own", [](int n) { return 50 * kMB * static_cast<unsigned>(n); }, 16, 16},
      {"and up to a larger limit", [](int n) { return 50 * kMB * static_cast<unsigned>(n); }, 64,
       64},
      {"a line that eight fill", [](int) { return 400 * kMB; }, 64, 8},
      {"a line that sixteen fill",
       [](int n) { return 50 * kMB * static_cast<unsigned>(std::min(16, n)); }, 64, 16},
      {"only two are allowed", [](int n) { return 50 * kMB * static_cast<unsigned>(n); }, 2, 2},
      {"nothing comes at all", [](int) { return std::uint64_t{0}; }, 16, 8},
  };
  for (const Row& row : rows)
    EXPECT_EQ(target_with(row.speed_of, row.allowed, 60), row.expected) << row.what;
}

TEST(Adapting, asks_for_less_when_upstream_has_enough) {
  struct Row {
    const char* what;
    Stretch stretch;
    int before;
    int expected;
  };
  constexpr Row kRows[] = {
      {"one refusal halves", {100 * kMB, 16, 1, 0}, 16, 8},
      {"many of one moment halve once", {100 * kMB, 16, 9, 3}, 16, 8},
      {"never below one", {100 * kMB, 1, 1, 0}, 1, 1},
      {"a broken connection takes one away", {100 * kMB, 16, 0, 1}, 16, 15},
      {"silence takes none away", {0, 16, 0, 0}, 16, 16},
  };
  for (const Row& row : kRows) {
    Appetite appetite{.target = row.before, .mood = Appetite::Mood::content};
    EXPECT_EQ(adapt(appetite, row.stretch, 16).target, row.expected) << row.what;
  }
}

TEST(Adapting, tries_again_after_a_while_and_goes_back_when_it_brings_nothing) {
  Appetite appetite{.target = 8, .mood = Appetite::Mood::careful};
  int most = 0;
  for (int i = 0; i < 350; ++i) {
    appetite = adapt(appetite, {.bytes_per_second = 100 * kMB, .connections = appetite.target}, 16);
    most = std::max(most, appetite.target);
    if (i < 290) {
      EXPECT_EQ(appetite.target, 8) << "so soon after something broke: " << i;
    }
  }
  EXPECT_EQ(most, 10);
  EXPECT_EQ(appetite.target, 8);
}

TEST(Adapting, does_not_judge_what_did_not_run) {
  Appetite appetite{.target = 8};
  for (int i = 0; i < 50; ++i)
    appetite = adapt(appetite, {.bytes_per_second = 10 * kMB, .connections = 3}, 64);
  EXPECT_EQ(appetite.target, 8);
}

TEST(Adapting, obeys_a_limit_that_is_lowered) {
  EXPECT_EQ(adapt({.target = 16}, {.bytes_per_second = 1, .connections = 16}, 4).target, 4);
  EXPECT_EQ(adapt({.target = 16}, {.bytes_per_second = 1, .connections = 16}, 0).target, 1);
}

}  // namespace
}  // namespace modelkeep::fetch
