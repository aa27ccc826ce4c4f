#pragma once
// The real service, started as a user starts it: `modelkeepd run` with its nginx, workers and
// fetchers, on a free port and a fresh mount. Nothing of it outlives its owner, also when a test
// fails.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/layout.h"
#include "tests/support/temp_folder.h"
#include "tests/system/client.h"
#include "tests/system/processes.h"
#include "tests/system/program.h"

namespace modelkeep::system_test {

struct ServiceOptions {
  std::string upstream;   ///< HF_ENDPOINT
  std::string mount;      ///< Empty: a fresh folder that goes with the service.
  std::string state_dir;  ///< Empty: in the mount.
  Variables environment;  ///< Goes before all that is set here.
};

class Service {
 public:
  explicit Service(ServiceOptions options);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Starts it and waits until /api/health says 200; false, with a test failure, when it does not.
  bool start(std::int64_t timeout_ms = 20'000);
  /// Starts it and waits for nothing.
  bool launch();
  /// SIGTERM. How the master ended; a test failure when a process is left.
  std::optional<Exit> stop(std::int64_t timeout_ms = 20'000);
  /// SIGKILL to every process at once.
  void kill_everything();

  bool running();
  bool healthy();
  bool wait_healthy(std::int64_t timeout_ms);
  void signal_master(int number) const;
  pid_t master() const;
  std::vector<pid_t> pids(Role role) const;
  /// To every process of that role; how many there were.
  int signal_role(Role role, int number) const;
  /// Everyone who belongs to this service, also without a living master.
  std::vector<Process> everyone() const;

  int port() const { return port_; }
  std::string url() const;
  Client client() const { return Client(url()); }
  const storage::Layout& layout() const { return layout_; }
  const std::string& mount() const { return layout_.mount(); }
  /// Environment of the next start.
  Variables& environment() { return options_.environment; }
  /// What all of its processes wrote to stderr and stdout.
  std::string log() const;
  const std::string& scratch() const { return folder_.path(); }
  /// As for start, for a command of the same binary: {"adopt"}, {"config"}.
  ProgramOptions command(const std::vector<std::string>& words) const;

 private:
  Variables variables() const;
  /// How often the log says that the master had all its workers.
  std::size_t times_readied() const;
  void expect_nobody_left() const;

  TempFolder folder_;
  ServiceOptions options_;
  storage::Layout layout_;
  int port_;
  std::optional<Program> program_;
};

/// A port of loopback that nobody listens on at this moment.
int free_port();

}  // namespace modelkeep::system_test
