#pragma once
// The role that answers: `modelkeepd worker`, and with --pool=long the pool for answers that wait
// or stream.
#include "app/arguments.h"
#include "app/config.h"
#include "app/report.h"
#include "base/result.h"

namespace modelkeep::app {

struct WorkerOptions {
  int listen_fd = -1;  ///< Inherited, listening.
  int threads = 1;
  int at_once = 1;  ///< Of the threads, as many work while none is held up.
  bool long_pool = false;
};

/// Until SIGTERM; then it returns when the requests in hand are answered.
Result<> run_worker(const LoadedConfig& start, const WorkerOptions& options, const Report& report);

}  // namespace modelkeep::app
