#include "app/restart_policy.h"

#include <gtest/gtest.h>

namespace modelkeep::app {
namespace {

TEST(RestartPolicy, restarts_the_first_deaths_within_a_second) {
  RestartPolicy policy;
  for (const std::int64_t now_ms : {0, 1'000, 2'000, 3'000}) {
    EXPECT_LT(policy.died(now_ms), 1'000);
    EXPECT_FALSE(policy.keeps_dying(now_ms));
  }
}

TEST(RestartPolicy, slows_down_at_the_fifth_death_in_ten_seconds) {
  RestartPolicy policy;
  for (int death = 0; death < 4; ++death) policy.died(death * 100);
  EXPECT_EQ(policy.died(500), 2'000);
  EXPECT_TRUE(policy.keeps_dying(500));
  EXPECT_EQ(policy.died(2'600), 4'000);
  EXPECT_EQ(policy.died(6'700), 8'000);
}

TEST(RestartPolicy, never_waits_longer_than_ten_seconds) {
  RestartPolicy policy;
  std::int64_t now_ms = 0;
  std::int64_t delay_ms = 0;
  for (int death = 0; death < 20; ++death) {
    delay_ms = policy.died(now_ms);
    now_ms += delay_ms + 50;
  }
  EXPECT_EQ(delay_ms, 10'000);
}

TEST(RestartPolicy, forgets_when_the_child_lived_for_long) {
  RestartPolicy policy;
  for (int death = 0; death < 5; ++death) policy.died(death);
  EXPECT_TRUE(policy.keeps_dying(11'000));
  EXPECT_FALSE(policy.keeps_dying(13'000));
  EXPECT_LT(policy.died(60'000), 1'000);
  EXPECT_FALSE(policy.keeps_dying(60'000));
}

TEST(RestartPolicy, takes_deaths_that_are_far_apart_as_they_come) {
  RestartPolicy policy;
  for (int death = 0; death < 50; ++death) EXPECT_LT(policy.died(death * 5'000), 1'000);
}

}  // namespace
}  // namespace modelkeep::app
