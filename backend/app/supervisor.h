#pragma once
// Keeps a set of children alive: starts what is due, notes who died and why, restarts at once or,
// when a child keeps dying, more slowly. It knows nothing of what the children do. One thread.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/process.h"
#include "app/restart_policy.h"
#include "base/clock.h"
#include "base/fd.h"

namespace modelkeep::app {

enum class Role : std::uint8_t { nginx, worker, long_worker, stream_worker, fetcher };
std::string_view role_name(Role role);
/// It answers requests, in one pool or another.
bool is_worker(Role role);

struct ChildSpec {
  Role role = Role::worker;
  int generation = 0;  ///< Workers of one socket; a reload makes the next.
  Command command;
  /// Appends "--report-fd=<n>": the child writes "ready", or why it could not start, for whoever
  /// asks for the reason later. Not for nginx.
  bool reports = true;
};

struct Trouble {
  Role role = Role::worker;
  std::string reason;  ///< A sentence for health.
};

class Supervisor {
 public:
  explicit Supervisor(Clock& clock) : clock_(clock) {}

  void add(ChildSpec spec);
  /// Starts every child that is due. A start that fails counts as a death.
  void start_due();
  /// Collects the dead; true when there were any. Children that were let go are forgotten.
  bool reap();
  /// No restart for those; they get `signal`.
  void let_go(const std::function<bool(const ChildSpec&)>& which, int signal);
  void signal(const std::function<bool(const ChildSpec&)>& which, int signal) const;

  /// Milliseconds to the next start; nothing when none waits.
  std::optional<std::int64_t> next_start_in_ms() const;
  int alive(Role role) const;
  int alive(Role role, int generation) const;
  bool all_ready(int generation) const;  ///< Every worker of it said so.
  bool any_alive() const;
  bool owns(pid_t pid) const;
  std::optional<pid_t> pid_of(Role role) const;
  std::vector<Trouble> troubles() const;
  /// A pool whose every child is dead and keeps dying: nobody takes requests off its socket soon.
  bool is_down(Role role, int generation) const;

 private:
  struct Child {
    ChildSpec spec;
    RestartPolicy policy;
    Fd report;
    pid_t pid = -1;
    bool wanted = true;
    std::int64_t start_at_ms = 0;
    std::string last_words;
  };
  void start(Child& child);
  void note_death(Child& child, std::string how);

  Clock& clock_;
  std::vector<Child> children_;
};

}  // namespace modelkeep::app
