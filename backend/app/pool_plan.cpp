#include "app/pool_plan.h"

#include <algorithm>

namespace modelkeep::app {
namespace {

constexpr int kMayBlock = 16;  // Requests that wait for the database's write lock at once.
constexpr int kSpare = 8;
constexpr int kNginxWorkersMax = 4;  // More gain nothing: the workers behind are the limit.
constexpr int kKeepalive = 8;

}  // namespace

PoolPlan plan_pool(int worker_processes, int cores) {
  PoolPlan plan;
  plan.nginx_workers = std::clamp(cores, 1, kNginxWorkersMax);
  plan.keepalive = kKeepalive;
  const int needed = plan.nginx_workers * plan.keepalive + kMayBlock + kSpare;
  plan.threads = (needed + worker_processes - 1) / worker_processes;
  return plan;
}

}  // namespace modelkeep::app
