#include "app/master.h"

#include <algorithm>
#include <filesystem>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/closing_listener.h"
#include "app/health_file.h"
#include "app/proc_table.h"
#include "app/unix_listener.h"
#include "base/files.h"
#include "base/log.h"

namespace modelkeep::app {
namespace {

constexpr std::int64_t kSoonMs = 20;  // Something is about to happen: a start, a reload.
constexpr std::int64_t kDownPoolMs =
    50;  // How long a request waits at most before it is turned away.
constexpr std::int64_t kTroubleMs = 1'000;    // Troubles end by time.
constexpr std::int64_t kAcceptedMs = 2'000;   // For nginx to take what waits on its socket.
constexpr std::int64_t kLongGraceMs = 1'000;  // Requests on their way to the long pool arrive.
constexpr std::int64_t kRequestsMs = 6'000;   // For requests and transfers under way.
constexpr std::int64_t kWorkersMs = 4'000;    // For the last answers, journals and parts.
constexpr rlim_t kOpenFilesMax = 65'536;

/// nginx needs two descriptors a request; the usual soft limit of 1,024 is for programs that use
/// select().
void raise_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min(limit.rlim_max, kOpenFilesMax);
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// A master that was killed leaves the sockets of its generations.
void remove_old_sockets(const std::string& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".sock") unlink(entry.path().c_str());
  }
}

/// What a fetcher that was killed told of its parts: nobody follows them any more.
void remove_old_pages(const std::string& folder) {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

bool is_nginx(const ChildSpec& spec) {
  return spec.role == Role::nginx;
}
bool is_long(const ChildSpec& spec) {
  return spec.role == Role::long_worker || spec.role == Role::stream_worker;
}
bool is_any(const ChildSpec&) {
  return true;
}

}  // namespace

Master::Master(MasterOptions options, Family family, Clock& clock)
    : options_(std::move(options)),
      family_(std::move(family)),
      clock_(clock),
      layout_(options_.config.mount_point, options_.config.state_dir),
      supervisor_(clock) {}

Result<std::unique_ptr<Master>> Master::create(MasterOptions options, Family family, Clock& clock) {
  auto master = std::make_unique<Master>(std::move(options), std::move(family), clock);
  const Config& config = master->options_.config;
  master->began_ms_ = clock.mono_ms();
  master->nginx_ = find_program("nginx");
  if (master->nginx_.empty()) {
    return fail(ErrorKind::invalid, codes::setting_invalid,
                "nginx is not installed: it is neither in PATH nor in /usr/sbin; on Debian, "
                "apt-get install nginx-light.");
  }
  raise_open_files();
  // nginx's workers become our children when their parent is killed, so that they can be ended.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  master->signals_ = Signals::block({SIGTERM, SIGINT, SIGHUP, SIGCHLD});
  master->listener_ = TRY(listen_on(config.listen));
  if (config.hub_listen) master->hub_listener_ = TRY(listen_on(*config.hub_listen));
  remove_old_sockets(master->layout_.run_dir());
  remove_old_pages(master->layout_.live_parts_dir());
  master->fetch_socket_ = TRY(listen_on_unix(master->layout_.fetch_socket()));
  master->pools_ = TRY(open_pools(master->layout_));
  master->nginx_files_ = master->nginx_for(config);
  TRY(write_nginx(master->layout_, master->nginx_files_));
  return master;
}

Result<> Master::run() {
  const Config& config = options_.config;
  update_status();
  begin_bytes_log();
  for (ChildSpec& spec :
       worker_specs(generation_, pools_, config, options_.binary, family_.descriptor())) {
    supervisor_.add(std::move(spec));
  }
  std::vector<int> listeners{listener_.get()};
  if (hub_listener_) listeners.push_back(hub_listener_.get());
  supervisor_.add(nginx_spec(layout_, nginx_, listeners, family_.descriptor()));
  for (ChildSpec& spec :
       fetcher_specs(config, options_.binary, fetch_socket_.get(), family_.descriptor())) {
    supervisor_.add(std::move(spec));
  }
  bool hopeless = false;
  while (!stop_asked_ && !hopeless) {
    look_after_children();
    if (reload_asked_) {
      reload_asked_ = false;
      if (auto done = reload(); !done) log::failure("master.reload_failed", done.error());
    }
    take_signal(next_look_ms());
    hopeless = !announced_ && supervisor_.is_down(Role::nginx, 0);
  }
  drain();
  if (!hopeless) return {};
  return fail(ErrorKind::internal, codes::internal_error,
              "nginx does not start; its reason stands above.");
}

void Master::look_after_children() {
  supervisor_.start_due();
  announce_when_ready();
  update_status();
  retire_old();
  look_after_bytes_log();
  if (supervisor_.is_down(Role::worker, generation_)) turn_away_waiting(pools_.worker);
  if (supervisor_.is_down(Role::long_worker, generation_)) turn_away_waiting(pools_.long_answers);
  if (supervisor_.is_down(Role::stream_worker, generation_)) turn_away_waiting(pools_.streams);
}

std::int64_t Master::next_look_ms() const {
  std::int64_t soonest = -1;
  const auto at_most = [&soonest](std::int64_t ms) {
    if (soonest < 0 || ms < soonest) soonest = ms;
  };
  if (const auto start_in_ms = supervisor_.next_start_in_ms()) at_most(*start_in_ms);
  at_most(announced_ ? bytes_log_look_in_ms() : kSoonMs);
  if (!retiring_.empty()) at_most(kDownPoolMs);
  if (!supervisor_.troubles().empty()) at_most(kTroubleMs);
  for (const Role pool : {Role::worker, Role::long_worker, Role::stream_worker}) {
    if (supervisor_.is_down(pool, generation_)) at_most(kDownPoolMs);
  }
  return soonest;
}

void Master::take_signal(std::int64_t timeout_ms) {
  const auto number = signals_.wait(timeout_ms);
  if (!number) return;
  if (*number == SIGTERM || *number == SIGINT) stop_asked_ = true;
  if (*number == SIGHUP) reload_asked_ = true;
  if (*number != SIGCHLD) return;
  const bool had_nginx = supervisor_.alive(Role::nginx) > 0;
  supervisor_.reap();
  if (had_nginx && supervisor_.alive(Role::nginx) == 0) quit_strays();
}

bool Master::wait_until(const std::function<bool()>& done, std::int64_t timeout_ms) {
  const std::int64_t end_ms = clock_.mono_ms() + timeout_ms;
  for (;;) {
    if (done()) return true;
    const std::int64_t left_ms = end_ms - clock_.mono_ms();
    if (left_ms <= 0) return false;
    take_signal(std::min(left_ms, kSoonMs));
  }
}

/// Workers of an nginx whose parent was killed: they finish what they send, and take nothing more.
void Master::quit_strays() {
  const auto family = holders_of(layout_.lock("family"));
  for (const pid_t pid : children_of(getpid())) {
    const bool is_ours = std::find(family.begin(), family.end(), pid) != family.end();
    if (is_ours && !supervisor_.owns(pid)) kill(pid, SIGQUIT);
  }
}

void Master::announce_when_ready() {
  if (announced_ || !supervisor_.all_ready(generation_)) return;
  // nginx has read its configuration when it has workers.
  const auto nginx = supervisor_.pid_of(Role::nginx);
  if (!nginx || children_of(*nginx).empty()) return;
  announced_ = true;
  log::info("service.ready", {{"url", options_.config.listen.url()},
                              {"mount_point", layout_.mount()},
                              {"start_ms", clock_.mono_ms() - began_ms_}});
}

void Master::update_status() {
  const auto troubles = supervisor_.troubles();
  std::string text = health_text(options_.config, troubles);
  if (text == status_written_) return;
  if (auto written = write_file_atomic(posix_files(), health_file(layout_), text, 0600); !written) {
    log::failure("master.status_not_written", written.error());
    return;
  }
  status_written_ = std::move(text);
}

void Master::drain() {
  log::info("master.stopping");
  for (const Fd* listener : {&listener_, &hub_listener_}) {
    if (!*listener) continue;
    take_no_newcomers(listener->get());
    wait_until([&] { return !has_waiting_connections(listener->get()); }, kAcceptedMs);
  }
  listener_ = Fd();
  hub_listener_ = Fd();
  const auto nginx_gone = [this] { return supervisor_.alive(Role::nginx) == 0; };
  supervisor_.let_go(is_nginx, SIGQUIT);
  if (!wait_until(nginx_gone, kLongGraceMs)) {
    // Whoever waits for a download is told that it is queued.
    supervisor_.let_go(is_long, SIGTERM);
    if (!wait_until(nginx_gone, kRequestsMs)) {
      supervisor_.let_go(is_nginx, SIGTERM);
      wait_until(nginx_gone, kLongGraceMs);
    }
  }
  supervisor_.let_go(is_any, SIGTERM);
  const bool ended = wait_until([this] { return !supervisor_.any_alive(); }, kWorkersMs);
  if (!ended) {
    log::warn("master.children_killed");
    supervisor_.signal(is_any, SIGKILL);
    wait_until([this] { return !supervisor_.any_alive(); }, kLongGraceMs);
  }
  for (const pid_t stray : holders_of(layout_.lock("family"))) kill(stray, SIGKILL);
  unlink(layout_.fetch_socket().c_str());
  close_pools(pools_);
  log::info("master.stopped");
}

}  // namespace modelkeep::app
