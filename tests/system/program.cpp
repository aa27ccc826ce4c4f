#include "tests/system/program.h"

#include <array>
#include <csignal>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/system/wait_until.h"

namespace modelkeep::system_test {
namespace {

/// What would steer the service, or lead it to the real Hub's token, stays out of every test.
bool is_kept_from_programs(std::string_view variable) {
  for (const char* prefix : {"MODELKEEP_", "MODELS_", "HF_", "HUGGING", "http_proxy=",
                             "https_proxy=", "HTTP_PROXY=", "HTTPS_PROXY=", "HOME=", "LC_"}) {
    if (variable.starts_with(prefix)) return true;
  }
  return false;
}

std::vector<std::string> environment_with(const Variables& set) {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string name(text.substr(0, text.find('=')));
    if (!is_kept_from_programs(text) && !set.contains(name)) entries.emplace_back(text);
  }
  for (const auto& [name, value] : set) entries.push_back(name + "=" + value);
  return entries;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

std::optional<Program> Program::start(const ProgramOptions& options) {
  // Everything that allocates happens before the fork.
  std::vector<std::string> command = options.command;
  std::vector<std::string> environment = environment_with(options.set_variables);
  const std::vector<char*> argv = pointers(command);
  const std::vector<char*> envp = pointers(environment);
  const std::string log = options.log_file.empty() ? "/dev/null" : options.log_file;
  const Fd log_fd(open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  std::array<int, 2> ends{-1, -1};
  if (options.reads_stdout && pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  Fd out(ends[0]);
  const Fd in(ends[1]);
  const pid_t parent = getpid();

  const pid_t child = fork();
  if (child < 0) return std::nullopt;
  if (child == 0) {
    // A group of its own: a Ctrl-C at the terminal of the tests reaches the tests alone.
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(1);
    dup2(log_fd.get(), STDERR_FILENO);
    dup2(options.reads_stdout ? in.get() : log_fd.get(), STDOUT_FILENO);
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(null, STDIN_FILENO);
    execvpe(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  return Program(child, std::move(out));
}

Program::Program(Program&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      out_(std::move(other.out_)),
      unread_(std::move(other.unread_)),
      exit_(std::move(other.exit_)) {}

Program& Program::operator=(Program&& other) noexcept {
  if (this != &other) {
    kill_now();
    pid_ = std::exchange(other.pid_, -1);
    out_ = std::move(other.out_);
    unread_ = std::move(other.unread_);
    exit_ = std::move(other.exit_);
  }
  return *this;
}

Program::~Program() {
  kill_now();
}

bool Program::running() {
  return pid_ > 0 && !wait(0);
}

void Program::signal(int number) const {
  if (pid_ > 0 && !exit_) kill(pid_, number);
}

std::optional<Exit> Program::wait(std::int64_t timeout_ms) {
  if (exit_ || pid_ <= 0) return exit_;
  wait_until(
      [this] {
        int status = 0;
        if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
        exit_ = WIFSIGNALED(status) ? Exit{-1, WTERMSIG(status)} : Exit{WEXITSTATUS(status), 0};
        return true;
      },
      timeout_ms, 5);
  return exit_;
}

void Program::kill_now() {
  if (pid_ <= 0 || exit_) return;
  kill(pid_, SIGKILL);
  wait(10'000);
}

bool Program::read_more(std::int64_t timeout_ms) {
  pollfd waiting{out_.get(), POLLIN, 0};
  if (!out_ || poll(&waiting, 1, static_cast<int>(timeout_ms)) <= 0) return false;
  std::array<char, 16384> chunk;
  const ssize_t got = read(out_.get(), chunk.data(), chunk.size());
  if (got <= 0) return false;
  unread_.append(chunk.data(), static_cast<std::size_t>(got));
  return true;
}

std::string Program::read_line(std::int64_t timeout_ms) {
  while (unread_.find('\n') == std::string::npos) {
    if (!read_more(timeout_ms)) return std::exchange(unread_, {});
  }
  const auto end = unread_.find('\n');
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

std::string Program::read_all(std::int64_t timeout_ms) {
  while (read_more(timeout_ms)) {
  }
  return std::exchange(unread_, {});
}

Finished run_program(ProgramOptions options, std::int64_t timeout_ms) {
  options.reads_stdout = true;
  auto program = Program::start(options);
  if (!program) return {};
  Finished finished;
  finished.output = program->read_all(timeout_ms);
  finished.exit = program->wait(timeout_ms);
  return finished;
}

}  // namespace modelkeep::system_test
