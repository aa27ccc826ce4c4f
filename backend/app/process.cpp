#include "app/process.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/files.h"
#include "base/text.h"

namespace modelkeep::app {
namespace {

std::vector<std::string> environment_for(const Command& command) {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto name = text.substr(0, text.find('='));
    const auto& unset = command.unset_variables;
    if (std::find(unset.begin(), unset.end(), name) == unset.end()) entries.emplace_back(text);
  }
  entries.insert(entries.end(), command.set_variables.begin(), command.set_variables.end());
  return entries;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

/// In the child, between fork and exec: only calls that are safe there. Descriptors are first moved
/// out of the way of the numbers they shall get; the copy that dup2 makes has no O_CLOEXEC.
void place_descriptors(const std::vector<int>& from, std::vector<int>& moved) {
  const int clear = kFirstPassedFd + static_cast<int>(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    moved[i] = fcntl(from[i], F_DUPFD_CLOEXEC, clear);
  }
  for (std::size_t i = 0; i < from.size(); ++i) {
    dup2(moved[i], kFirstPassedFd + static_cast<int>(i));
  }
}

void reset_signals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
}

}  // namespace

Result<pid_t> spawn(const Command& command) {
  // Everything that allocates happens before the fork.
  std::vector<std::string> arguments = command.arguments;
  arguments.insert(arguments.begin(), command.program);
  std::vector<std::string> environment = environment_for(command);
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(environment);
  std::vector<int> moved(command.descriptors.size(), -1);
  const pid_t parent = getpid();

  const pid_t child = fork();
  if (child < 0) return tl::unexpected(errno_error(errno, "fork", command.program));
  if (child > 0) {
    setpgid(child, child);
    return child;
  }
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  // Whoever died before the line above sent no signal.
  if (getppid() != parent) _exit(1);
  reset_signals();
  // What we inherited ourselves may lack O_CLOEXEC; nobody below has a use for it.
  close_range(kFirstPassedFd, ~0U, CLOSE_RANGE_CLOEXEC);
  place_descriptors(command.descriptors, moved);
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null >= 0) dup2(null, STDIN_FILENO);
  execve(command.program.c_str(), argv.data(), envp.data());
  _exit(127);
}

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  const std::string folders =
      std::string(path != nullptr ? path : "") + ":/usr/sbin:/usr/local/sbin:/sbin";
  for (const std::string_view folder : split(folders, ':')) {
    if (folder.empty()) continue;
    std::string candidate = std::string(folder) + "/" + name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

std::string describe_exit(int wait_status) {
  if (WIFSIGNALED(wait_status)) return "signal " + std::to_string(WTERMSIG(wait_status));
  return "exit status " + std::to_string(WEXITSTATUS(wait_status));
}

}  // namespace modelkeep::app
