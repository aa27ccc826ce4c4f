#include "app/pool_plan.h"

#include <algorithm>

namespace modelkeep::app {
namespace {

constexpr int kMayBlock = 32;  // Requests that wait for the database's write lock at once.
constexpr int kSpare = 8;
constexpr int kNginxWorkersMax = 4;  // More gain nothing: the workers behind are the limit.

int divided_up(int value, int by) {
  return (value + by - 1) / by;
}

}  // namespace

PoolPlan plan_pool(int worker_processes, int cores) {
  PoolPlan plan;
  plan.nginx_workers = std::clamp(cores, 1, kNginxWorkersMax);
  // One more than run at once: the next request need not wait until it is clear that the last is
  // held up.
  plan.at_once = 1 + divided_up(cores, worker_processes);
  plan.threads = std::max(divided_up(kMayBlock + kSpare, worker_processes), 2 * plan.at_once);
  return plan;
}

}  // namespace modelkeep::app
