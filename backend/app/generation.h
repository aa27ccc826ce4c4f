#pragma once
// One set of workers on sockets of their own. A reload makes the next; the old one stays until no
// nginx process that knows its sockets is left, since closing a kept connection under a request
// would fail it.
#include <string>
#include <vector>

#include <sys/types.h>

#include "app/config.h"
#include "app/pool_plan.h"
#include "app/supervisor.h"
#include "base/fd.h"
#include "storage/layout.h"

namespace modelkeep::app {

struct Generation {
  int number = 0;
  PoolPlan plan;
  std::string pool_path;
  std::string long_path;
  Fd pool;
  Fd long_pool;
  std::vector<pid_t>
      nginx_workers;  ///< Filled in when it retires: those that still know its sockets.
};

Result<Generation> make_generation(const Config& config, const storage::Layout& layout, int number);

/// The workers of a generation, for the supervisor.
std::vector<ChildSpec> worker_specs(const Generation& generation, const Config& config,
                                    const std::string& binary, int family_fd);
std::vector<ChildSpec> fetcher_specs(const Config& config, const std::string& binary, int fetch_fd,
                                     int family_fd);
ChildSpec nginx_spec(const storage::Layout& layout, const std::string& nginx, int listen_fd,
                     int family_fd);

}  // namespace modelkeep::app
