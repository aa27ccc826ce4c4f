#include "fetch/retry.h"

#include <gtest/gtest.h>

namespace modelkeep::fetch {
namespace {

TEST(RetryDelay, doubles_to_a_ceiling_spreads_and_obeys_upstream) {
  struct Row {
    const char* what;
    int tries;
    std::optional<std::int64_t> wished_s;
    double random;
    std::int64_t expected_ms;
  };
  constexpr Row kRows[] = {
      {"the first, at its longest", 1, std::nullopt, 1.0, 1'000},
      {"the first, at its shortest", 1, std::nullopt, 0.0, 500},
      {"the second", 2, std::nullopt, 1.0, 2'000},
      {"the fifth", 5, std::nullopt, 1.0, 16'000},
      {"the ceiling", 10, std::nullopt, 1.0, 300'000},
      {"far beyond the ceiling", 1'000'000, std::nullopt, 1.0, 300'000},
      {"no tries yet", 0, std::nullopt, 1.0, 1'000},
      {"a wish that is longer", 1, 42, 1.0, 42'000},
      {"a wish that is shorter does not hurry us", 5, 1, 1.0, 16'000},
      {"a wish of nothing", 1, 0, 0.5, 750},
      {"a wish for an hour", 1, 3'600, 1.0, 3'600'000},
      {"a wish for thirty years", 1, 1'000'000'000, 1.0, 3'600'000},
      {"a wish that would overflow", 1, std::int64_t{1} << 62, 1.0, 3'600'000},
      {"a wish for the past", 1, -5, 1.0, 1'000},
      {"a random source out of its bounds", 1, std::nullopt, 7.0, 1'000},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(retry_delay_ms({}, row.tries, row.wished_s, row.random), row.expected_ms) << row.what;
  }
}

}  // namespace
}  // namespace modelkeep::fetch
