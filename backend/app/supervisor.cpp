#include "app/supervisor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

namespace modelkeep::app {
namespace {

constexpr std::string_view kReady = "ready";

/// What the child wrote so far.
std::string report_text(const Fd& report) {
  std::array<char, 1024> buffer{};
  const ssize_t size = report ? pread(report.get(), buffer.data(), buffer.size(), 0) : 0;
  if (size <= 0) return {};
  const std::string_view text(buffer.data(), static_cast<std::size_t>(size));
  return std::string(trim(text));
}

}  // namespace

std::string_view role_name(Role role) {
  switch (role) {
    case Role::nginx:
      return "nginx";
    case Role::worker:
      return "worker";
    case Role::long_worker:
      return "long worker";
    case Role::stream_worker:
      return "stream worker";
    case Role::fetcher:
      return "fetcher";
  }
  return "child";
}

bool is_worker(Role role) {
  return role == Role::worker || role == Role::long_worker || role == Role::stream_worker;
}

void Supervisor::add(ChildSpec spec) {
  Child child;
  child.spec = std::move(spec);
  child.start_at_ms = clock_.mono_ms();
  children_.push_back(std::move(child));
}

void Supervisor::start(Child& child) {
  Command command = child.spec.command;
  if (child.spec.reports) {
    // Memory that both see: nothing to drain, nothing to clean up, and a dead child's words stay
    // readable.
    child.report = Fd(memfd_create("report", MFD_CLOEXEC));
    const auto number = kFirstPassedFd + static_cast<int>(command.descriptors.size());
    command.descriptors.push_back(child.report.get());
    command.arguments.push_back("--report-fd=" + std::to_string(number));
  }
  const auto pid = spawn(command);
  if (!pid) {
    note_death(child, pid.error().cause);
    return;
  }
  child.pid = *pid;
  log::debug("child.started", {{"child", role_name(child.spec.role)}, {"pid", *pid}});
}

void Supervisor::start_due() {
  const std::int64_t now_ms = clock_.mono_ms();
  for (Child& child : children_) {
    if (child.wanted && child.pid < 0 && child.start_at_ms <= now_ms) start(child);
  }
}

void Supervisor::note_death(Child& child, std::string how) {
  const std::int64_t now_ms = clock_.mono_ms();
  const std::string words = report_text(child.report);
  child.last_words = words.empty() || words == kReady ? "it ended with " + how : words;
  child.pid = -1;
  if (!child.wanted) return;
  const std::int64_t delay_ms = child.policy.died(now_ms);
  child.start_at_ms = now_ms + delay_ms;
  log::warn("child.died", {{"child", role_name(child.spec.role)},
                           {"how", how},
                           {"restart_in_ms", delay_ms},
                           {"reason", child.last_words}});
}

bool Supervisor::reap() {
  bool any = false;
  for (;;) {
    int status = 0;
    const pid_t pid = waitpid(-1, &status, WNOHANG);
    if (pid <= 0) break;
    any = true;
    const auto child = std::find_if(children_.begin(), children_.end(),
                                    [pid](const Child& one) { return one.pid == pid; });
    // A process that was nginx's and became ours when nginx died is nobody's child here.
    if (child != children_.end()) note_death(*child, describe_exit(status));
  }
  std::erase_if(children_, [](const Child& child) { return !child.wanted && child.pid < 0; });
  return any;
}

void Supervisor::let_go(const std::function<bool(const ChildSpec&)>& which, int signal) {
  for (Child& child : children_) {
    if (!which(child.spec)) continue;
    child.wanted = false;
    if (child.pid > 0) kill(child.pid, signal);
  }
  std::erase_if(children_, [](const Child& child) { return !child.wanted && child.pid < 0; });
}

void Supervisor::signal(const std::function<bool(const ChildSpec&)>& which, int signal) const {
  for (const Child& child : children_) {
    if (child.pid > 0 && which(child.spec)) kill(child.pid, signal);
  }
}

std::optional<std::int64_t> Supervisor::next_start_in_ms() const {
  std::optional<std::int64_t> soonest;
  const std::int64_t now_ms = clock_.mono_ms();
  for (const Child& child : children_) {
    if (!child.wanted || child.pid > 0) continue;
    const std::int64_t in_ms = std::max<std::int64_t>(0, child.start_at_ms - now_ms);
    if (!soonest || in_ms < *soonest) soonest = in_ms;
  }
  return soonest;
}

int Supervisor::alive(Role role) const {
  return static_cast<int>(std::count_if(
      children_.begin(), children_.end(),
      [role](const Child& child) { return child.spec.role == role && child.pid > 0; }));
}

int Supervisor::alive(Role role, int generation) const {
  return static_cast<int>(
      std::count_if(children_.begin(), children_.end(), [&](const Child& child) {
        return child.spec.role == role && child.spec.generation == generation && child.pid > 0;
      }));
}

bool Supervisor::all_ready(int generation) const {
  return std::all_of(children_.begin(), children_.end(), [generation](const Child& child) {
    if (!is_worker(child.spec.role) || child.spec.generation != generation) return true;
    return child.pid > 0 && report_text(child.report) == kReady;
  });
}

bool Supervisor::any_alive() const {
  return std::any_of(children_.begin(), children_.end(),
                     [](const Child& child) { return child.pid > 0; });
}

bool Supervisor::owns(pid_t pid) const {
  return std::any_of(children_.begin(), children_.end(),
                     [pid](const Child& child) { return child.pid == pid; });
}

std::optional<pid_t> Supervisor::pid_of(Role role) const {
  for (const Child& child : children_) {
    if (child.spec.role == role && child.pid > 0) return child.pid;
  }
  return std::nullopt;
}

std::vector<Trouble> Supervisor::troubles() const {
  std::vector<Trouble> found;
  const std::int64_t now_ms = clock_.mono_ms();
  for (const Child& child : children_) {
    if (!child.wanted || !child.policy.keeps_dying(now_ms)) continue;
    const bool named = std::any_of(found.begin(), found.end(),
                                   [&](const Trouble& one) { return one.role == child.spec.role; });
    if (named) continue;
    std::string reason =
        "A " + std::string(role_name(child.spec.role)) + " process keeps stopping: ";
    found.push_back({child.spec.role, reason + child.last_words});
  }
  return found;
}

bool Supervisor::is_down(Role role, int generation) const {
  const std::int64_t now_ms = clock_.mono_ms();
  bool any = false;
  for (const Child& child : children_) {
    if (child.spec.role != role || child.spec.generation != generation) continue;
    if (child.pid > 0 || !child.policy.keeps_dying(now_ms)) return false;
    any = true;
  }
  return any;
}

}  // namespace modelkeep::app
