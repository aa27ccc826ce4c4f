#include <algorithm>
#include <csignal>

#include <sys/resource.h>
#include <unistd.h>

#include "app/host_names.h"
#include "app/master.h"
#include "app/nginx_conf.h"
#include "app/proc_table.h"
#include "base/log.h"

namespace modelkeep::app {
namespace {

constexpr std::int64_t kReadyMs = 10'000;
constexpr std::int64_t kNginxReloadMs = 5'000;
// Longer than any answer of the long pool takes.
constexpr std::int64_t kRetireMs = 60'000;
constexpr rlim_t kConnectionsMax = 4'096;

int connections_max() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 512;
  // A request may hold its client, its worker and a file.
  return static_cast<int>(std::min(kConnectionsMax, limit.rlim_cur / 2));
}

bool contains(const std::vector<pid_t>& pids, pid_t pid) {
  return std::find(pids.begin(), pids.end(), pid) != pids.end();
}

}  // namespace

NginxFiles Master::nginx_for(const Config& config) const {
  NginxTarget target;
  target.pool_socket = pools_.worker_path;
  target.long_socket = pools_.long_path;
  target.stream_socket = pools_.stream_path;
  target.plan = plan_for(config);
  target.connections_max = connections_max();
  target.runs_as_root = geteuid() == 0;
  return render_nginx(config, layout_, target, host_names(config).names);
}

namespace {

std::string listeners_of(const Config& config) {
  return config.listen.text() + " " + (config.hub_listen ? config.hub_listen->text() : "");
}

}  // namespace

Result<> Master::reload() {
  log::info("master.reloading");
  Config config = TRY(options_.reload());
  const Config& old = options_.config;
  if (config.mount_point != old.mount_point || config.state_dir != old.state_dir ||
      listeners_of(config) != listeners_of(old)) {
    return fail(
        ErrorKind::invalid, codes::setting_invalid,
        "mount_point, state_dir, listen and hub_listen change only with a new start; nothing "
        "was reloaded.");
  }
  TRY(replace_workers(config));
  TRY(replace_nginx_conf(config));
  options_.config = std::move(config);
  replace_fetchers(options_.config);
  log::info("master.reloaded", {{"generation", generation_}});
  return {};
}

/// New workers first, on the same sockets; only when each of them answers are the old ones asked to
/// retire. They take no connection any more and serve those they have until nginx closes them,
/// which it does within seconds: whoever closed one from this side could meet a request on its way.
/// A mistake in the settings costs nothing, since the old ones have not stopped then.
Result<> Master::replace_workers(const Config& config) {
  const int next = generation_ + 1;
  const auto is_of = [](int generation) {
    return [generation](const ChildSpec& spec) {
      return spec.generation == generation && is_worker(spec.role);
    };
  };
  for (ChildSpec& spec :
       worker_specs(next, pools_, config, options_.binary, family_.descriptor())) {
    supervisor_.add(std::move(spec));
  }
  const auto ready = [this, next] {
    supervisor_.start_due();
    return stop_asked_ || supervisor_.all_ready(next);
  };
  if (!wait_until(ready, kReadyMs) || stop_asked_) {
    supervisor_.let_go(is_of(next), SIGTERM);
    return fail(ErrorKind::unavailable, codes::setting_invalid,
                "the new workers did not come up; the old ones go on.");
  }
  supervisor_.let_go(is_of(generation_), SIGUSR1);
  retiring_.push_back({generation_, clock_.mono_ms()});
  generation_ = next;
  return {};
}

/// nginx is left alone when its configuration is what it was: its own reload closes connections
/// that clients keep.
Result<> Master::replace_nginx_conf(const Config& config) {
  NginxFiles files = nginx_for(config);
  if (files == nginx_files_) return {};
  TRY(write_nginx(layout_, files));
  nginx_files_ = std::move(files);
  const auto nginx = supervisor_.pid_of(Role::nginx);
  // A dead one reads the new file when it is started again.
  if (!nginx) return {};
  const auto old_workers = children_of(*nginx);
  kill(*nginx, SIGHUP);
  const auto replaced = [&] {
    const auto workers = children_of(*nginx);
    return std::any_of(workers.begin(), workers.end(),
                       [&](pid_t pid) { return !contains(old_workers, pid); });
  };
  if (!wait_until(replaced, kNginxReloadMs)) log::error("master.nginx_not_reloaded");
  return {};
}

/// What a fetcher has under way goes on in its successor, from the last checkpoint.
void Master::replace_fetchers(const Config& config) {
  supervisor_.let_go([](const ChildSpec& spec) { return spec.role == Role::fetcher; }, SIGTERM);
  for (ChildSpec& spec :
       fetcher_specs(config, options_.binary, fetch_socket_.get(), family_.descriptor())) {
    supervisor_.add(std::move(spec));
  }
}

void Master::retire_old() {
  std::erase_if(retiring_, [this](const Retiring& old) {
    if (supervisor_.alive(Role::worker, old.generation) +
            supervisor_.alive(Role::long_worker, old.generation) +
            supervisor_.alive(Role::stream_worker, old.generation) ==
        0) {
      log::info("master.old_workers_gone", {{"generation", old.generation}});
      return true;
    }
    if (clock_.mono_ms() - old.since_ms > kRetireMs) {
      supervisor_.signal([&](const ChildSpec& spec) { return spec.generation == old.generation; },
                         SIGTERM);
    }
    return false;
  });
}

}  // namespace modelkeep::app
