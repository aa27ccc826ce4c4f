#pragma once
// nginx's configuration out of the settings: fills in the embedded templates and writes them below
// the run folder.
#include <map>
#include <string>

#include "app/config.h"
#include "app/pool_plan.h"
#include "base/result.h"
#include "storage/layout.h"

namespace modelkeep::app {

/// What a generation of workers looks like from nginx.
struct NginxTarget {
  std::string pool_socket;
  std::string long_socket;
  std::string stream_socket;
  PoolPlan plan;
  int connections_max = 1024;  ///< Of one nginx worker; bound by its open files.
  bool runs_as_root =
      false;  ///< Without a word nginx's workers would become "nobody" and see nothing.
};

using NginxFiles = std::map<std::string, std::string>;

/// Name to content, every placeholder filled. Pure.
NginxFiles render_nginx(const Config& config, const storage::Layout& layout,
                        const NginxTarget& target, const std::vector<std::string>& names);

/// Writes run/nginx.conf, what it includes, and the folders that nginx writes to.
Result<> write_nginx(const storage::Layout& layout, const NginxFiles& files);

}  // namespace modelkeep::app
