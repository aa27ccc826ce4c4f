#pragma once
// How many threads the workers have, and how many connections nginx keeps to them. A kept
// connection that is idle holds no thread, so the two do not depend on each other; what does hold
// threads are requests that wait, for the database's write lock most of all.
namespace modelkeep::app {

struct PoolPlan {
  int nginx_workers = 1;
  int keepalive = 32;  ///< Connections that each nginx worker keeps.
  int threads = 8;     ///< Of each worker process.
  int at_once = 2;     ///< Of those, how many work while none of them is held up.
};

PoolPlan plan_pool(int worker_processes, int cores);

/// Threads of the pool for long answers, one for each answer that may be under way.
inline constexpr int kLongPoolThreads = 32;
/// Of the pool for files that are handed on while they are fetched, one for each client. One that
/// waits costs its stack's first pages.
inline constexpr int kStreamPoolThreads = 256;

}  // namespace modelkeep::app
