#pragma once
// One program that a test started. It ends with its owner, and by PDEATHSIG also when the test is
// killed.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/fd.h"

namespace modelkeep::system_test {

using Variables = std::map<std::string, std::string>;

struct ProgramOptions {
  std::vector<std::string> command;  ///< The first is a path or a name to look up in PATH.
  Variables set_variables;           ///< Besides those of the test that do not steer the service.
  std::string log_file;              ///< Takes stderr, and stdout unless `reads_stdout`.
  bool reads_stdout = false;
};

/// How it ended.
struct Exit {
  int status = -1;  ///< -1 when a signal ended it.
  int signal = 0;
};

/// Start it on the thread that outlives it: the kernel takes the end of that thread for the
/// parent's.
class Program {
 public:
  static std::optional<Program> start(const ProgramOptions& options);
  Program(Program&& other) noexcept;
  Program& operator=(Program&& other) noexcept;
  ~Program();

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number) const;
  /// Nothing when it still runs after `timeout_ms`.
  std::optional<Exit> wait(std::int64_t timeout_ms);
  /// SIGKILL, and gone when this returns.
  void kill_now();
  /// The next line of stdout, without its end; empty at the end or after `timeout_ms`.
  std::string read_line(std::int64_t timeout_ms);
  /// Everything up to the end of stdout.
  std::string read_all(std::int64_t timeout_ms);

 private:
  Program(pid_t pid, Fd out) : pid_(pid), out_(std::move(out)) {}
  bool read_more(std::int64_t timeout_ms);

  pid_t pid_ = -1;
  Fd out_;
  std::string unread_;
  std::optional<Exit> exit_;
};

/// Runs to its end. Output is stdout alone; `log_file` is needed only to keep stderr.
struct Finished {
  std::optional<Exit> exit;
  std::string output;
};
Finished run_program(ProgramOptions options, std::int64_t timeout_ms);

}  // namespace modelkeep::system_test
