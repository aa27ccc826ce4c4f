#pragma once
// How many threads the workers need for the connections that nginx keeps to them. libfcgi pins a
// kept connection to a thread, so with fewer threads than connections a request can wait on an idle
// one until it times out:
//   nginx workers x keepalive + requests that may block + 8 <= processes x threads
namespace modelkeep::app {

struct PoolPlan {
  int nginx_workers = 1;
  int keepalive = 8;  ///< Connections that each nginx worker keeps.
  int threads = 8;    ///< Of each worker process.
};

PoolPlan plan_pool(int worker_processes, int cores);

/// Threads of the pool for long answers, one for each answer that may be under way.
inline constexpr int kLongPoolThreads = 32;

}  // namespace modelkeep::app
