#pragma once
// Starting a child of the master: what it inherits, what it must not, and that it dies with us.
// Only a process with one thread may call spawn(), for it forks.
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/fd.h"
#include "base/result.h"

namespace modelkeep::app {

/// The first descriptor that a child finds; the k-th of `descriptors` arrives as kFirstPassedFd +
/// k.
inline constexpr int kFirstPassedFd = 3;

struct Command {
  std::string program;
  std::vector<std::string> arguments;        ///< Without the program's own name.
  std::vector<int> descriptors;              ///< Borrowed; all others stay behind by O_CLOEXEC.
  std::vector<std::string> set_variables;    ///< "NAME=value"
  std::vector<std::string> unset_variables;  ///< Secrets that this child has no use for.
};

/// The child has a process group of its own, so that a Ctrl-C reaches us alone and the order of the
/// stop is ours; it gets SIGTERM from the kernel when we die.
Result<pid_t> spawn(const Command& command);

/// The first of PATH, /usr/sbin, /usr/local/sbin, /sbin that has `name`; empty when none has.
std::string find_program(const std::string& name);

/// "exit status 1", "signal 9": what waitpid() reported, for people.
std::string describe_exit(int wait_status);

}  // namespace modelkeep::app
