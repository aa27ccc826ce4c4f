#pragma once
// The role that answers: `modelkeepd worker`, with --pool=long the pool for answers that wait, and
// with --pool=streams the one that hands files on while they are fetched.
#include "app/arguments.h"
#include "app/config.h"
#include "app/report.h"
#include "base/result.h"
#include "hub/pull_through.h"

namespace modelkeep::app {

struct WorkerOptions {
  int listen_fd = -1;  ///< Inherited, listening.
  int threads = 1;
  int at_once = 1;  ///< Of the threads, as many work while none is held up.
  hub::Pool pool = hub::Pool::answers;
};

/// Until SIGTERM; then it returns when the requests in hand are answered.
Result<> run_worker(const LoadedConfig& start, const WorkerOptions& options, const Report& report);

}  // namespace modelkeep::app
