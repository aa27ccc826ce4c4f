#include "app/pool_plan.h"

#include <gtest/gtest.h>

namespace modelkeep::app {
namespace {

TEST(PoolPlan, leaves_threads_beside_those_that_are_held_up) {
  for (const int processes : {1, 2, 3, 4, 8, 64}) {
    for (const int cores : {1, 2, 4, 8, 128}) {
      const PoolPlan plan = plan_pool(processes, cores);
      EXPECT_GE(processes * plan.threads, 32 + 8)
          << processes << " processes, " << cores << " cores";
      EXPECT_GE(plan.threads, 2 * plan.at_once) << processes << " processes, " << cores << " cores";
    }
  }
}

TEST(PoolPlan, lets_every_core_work_and_one_thread_stand_by) {
  for (const int processes : {1, 2, 3, 4, 8, 64}) {
    for (const int cores : {1, 2, 4, 8, 128}) {
      const PoolPlan plan = plan_pool(processes, cores);
      EXPECT_GE(processes * (plan.at_once - 1), cores)
          << processes << " processes, " << cores << " cores";
    }
  }
}

TEST(PoolPlan, is_two_times_twenty_threads_on_two_cores) {
  const PoolPlan plan = plan_pool(2, 2);
  EXPECT_EQ(plan.nginx_workers, 2);
  EXPECT_EQ(plan.keepalive, 32);
  EXPECT_EQ(plan.threads, 20);
  EXPECT_EQ(plan.at_once, 2);
}

}  // namespace
}  // namespace modelkeep::app
