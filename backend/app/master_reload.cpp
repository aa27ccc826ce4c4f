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

Result<> Master::write_nginx_for(const Generation& generation, const Config& config) const {
  NginxTarget target;
  target.pool_socket = generation.pool_path;
  target.long_socket = generation.long_path;
  target.plan = generation.plan;
  target.connections_max = connections_max();
  target.runs_as_root = geteuid() == 0;
  return write_nginx(layout_, render_nginx(config, layout_, target, host_names(config).names));
}

Result<> Master::reload() {
  log::info("master.reloading");
  Config config = TRY(options_.reload());
  const Config& old = options_.config;
  if (config.mount_point != old.mount_point || config.state_dir != old.state_dir ||
      config.listen.text() != old.listen.text()) {
    return fail(
        ErrorKind::invalid, codes::setting_invalid,
        "mount_point, state_dir and listen change only with a new start; nothing was reloaded.");
  }
  TRY(replace_workers(config));
  options_.config = std::move(config);
  replace_fetchers(options_.config);
  log::info("master.reloaded", {{"generation", current_.number}});
  return {};
}

/// New workers on new sockets first; only when each of them answers is nginx told. Until then a
/// mistake in the settings costs nothing: the old ones have never stopped.
Result<> Master::replace_workers(const Config& config) {
  Generation next = TRY(make_generation(config, layout_, current_.number + 1));
  const int number = next.number;
  const auto is_next = [number](const ChildSpec& spec) {
    return spec.generation == number && spec.role != Role::nginx && spec.role != Role::fetcher;
  };
  for (ChildSpec& spec : worker_specs(next, config, options_.binary, family_.descriptor())) {
    supervisor_.add(std::move(spec));
  }
  supervisor_.start_due();
  const auto ready = [this, number] {
    supervisor_.start_due();
    return stop_asked_ || supervisor_.all_ready(number);
  };
  if (!wait_until(ready, kReadyMs) || stop_asked_) {
    supervisor_.let_go(is_next, SIGTERM);
    unlink(next.pool_path.c_str());
    unlink(next.long_path.c_str());
    return fail(ErrorKind::unavailable, codes::setting_invalid,
                "the new workers did not come up; the old ones go on.");
  }
  const auto nginx = supervisor_.pid_of(Role::nginx);
  if (nginx) current_.nginx_workers = children_of(*nginx);
  TRY(write_nginx_for(next, config));
  retiring_.push_back(std::move(current_));
  current_ = std::move(next);
  // A dead nginx reads the new file when it is started again.
  if (!nginx) return {};
  kill(*nginx, SIGHUP);
  const auto& old_workers = retiring_.back().nginx_workers;
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
  if (retiring_.empty()) return;
  std::vector<pid_t> alive = children_of(getpid());
  if (const auto nginx = supervisor_.pid_of(Role::nginx)) {
    const auto workers = children_of(*nginx);
    alive.insert(alive.end(), workers.begin(), workers.end());
  }
  std::erase_if(retiring_, [&](const Generation& old) {
    const auto& known = old.nginx_workers;
    if (std::any_of(known.begin(), known.end(), [&](pid_t pid) { return contains(alive, pid); }))
      return false;
    const int number = old.number;
    supervisor_.let_go(
        [number](const ChildSpec& spec) {
          return spec.generation == number &&
                 (spec.role == Role::worker || spec.role == Role::long_worker);
        },
        SIGTERM);
    unlink(old.pool_path.c_str());
    unlink(old.long_path.c_str());
    log::info("master.old_workers_stopped", {{"generation", number}});
    return true;
  });
}

}  // namespace modelkeep::app
