#include "tests/cli/program_run.h"

#include <array>
#include <chrono>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "base/fd.h"

namespace modelkeep::cli {
namespace {

std::string text_in(const Fd& file) {
  std::string text;
  std::array<char, 65536> block{};
  ::lseek(file.get(), 0, SEEK_SET);
  for (ssize_t count = 0; (count = ::read(file.get(), block.data(), block.size())) > 0;) {
    text.append(block.data(), static_cast<std::size_t>(count));
  }
  return text;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

Ended run_program(const Started& start) {
  const Fd out(memfd_create("out", MFD_CLOEXEC));
  const Fd err(memfd_create("err", MFD_CLOEXEC));
  const Fd in(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  std::array<int, 2> ends{};
  CHECK(::pipe2(ends.data(), O_CLOEXEC) == 0);
  Fd reader(ends[0]);
  const Fd writer(ends[1]);
  reader.reset();

  std::vector<std::string> args = {start.program.empty() ? MODELKEEP_CLI : start.program};
  args.insert(args.end(), start.args.begin(), start.args.end());
  std::vector<std::string> variables = {"PATH=/usr/bin:/bin", "TZ=UTC", "HOME=/nonexistent"};
  for (const auto& [name, value] : start.environment) variables.push_back(name + "=" + value);
  const std::vector<char*> argv = pointers_to(args);
  const std::vector<char*> envp = pointers_to(variables);

  const pid_t child = ::fork();
  CHECK(child >= 0);
  if (child == 0) {
    ::dup2(in.get(), STDIN_FILENO);
    ::dup2(start.closed_stdout ? writer.get() : out.get(), STDOUT_FILENO);
    ::dup2(err.get(), STDERR_FILENO);
    ::signal(SIGPIPE, SIG_DFL);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  if (start.interrupt_after_ms > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(start.interrupt_after_ms));
    ::kill(child, SIGINT);
  }
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, text_in(out), text_in(err)};
}

}  // namespace modelkeep::cli
