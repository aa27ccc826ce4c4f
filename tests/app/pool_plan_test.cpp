#include "app/pool_plan.h"

#include <gtest/gtest.h>

namespace modelkeep::app {
namespace {

TEST(PoolPlan, leaves_threads_beside_the_kept_connections_and_those_that_block) {
  for (const int processes : {1, 2, 3, 4, 8, 64}) {
    for (const int cores : {1, 2, 4, 8, 128}) {
      const PoolPlan plan = plan_pool(processes, cores);
      EXPECT_LE(plan.nginx_workers * plan.keepalive + 16 + 8, processes * plan.threads)
          << processes << " processes, " << cores << " cores";
    }
  }
}

TEST(PoolPlan, is_two_times_twenty_threads_on_two_cores) {
  const PoolPlan plan = plan_pool(2, 2);
  EXPECT_EQ(plan.nginx_workers, 2);
  EXPECT_EQ(plan.keepalive, 8);
  EXPECT_EQ(plan.threads, 20);
}

}  // namespace
}  // namespace modelkeep::app
