#pragma once
// Who the master starts, and on which sockets. The sockets of the pools stay the same as long as
// the master lives; a reload puts the next generation of workers beside the last one, on the same
// sockets.
#include <string>
#include <vector>

#include "app/config.h"
#include "app/pool_plan.h"
#include "app/supervisor.h"
#include "base/fd.h"
#include "storage/layout.h"

namespace modelkeep::app {

struct Pools {
  std::string worker_path;
  std::string long_path;
  std::string stream_path;
  Fd worker;
  Fd long_answers;
  Fd streams;
};

Result<Pools> open_pools(const storage::Layout& layout);
void close_pools(Pools& pools);

PoolPlan plan_for(const Config& config);

/// The workers of a generation, for the supervisor.
std::vector<ChildSpec> worker_specs(int generation, const Pools& pools, const Config& config,
                                    const std::string& binary, int family_fd);
std::vector<ChildSpec> fetcher_specs(const Config& config, const std::string& binary, int fetch_fd,
                                     int family_fd);
ChildSpec nginx_spec(const storage::Layout& layout, const std::string& nginx,
                     const std::vector<int>& listen_fds, int family_fd);

}  // namespace modelkeep::app
