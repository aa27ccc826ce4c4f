#include "cli/user_name.h"

#include <array>
#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"

namespace modelkeep::cli {
namespace {

constexpr std::size_t kNameBytesMax = 64;  // As long as the server takes.

/// Control characters would end the header and begin another one.
std::string as_header(std::string_view name) {
  if (!utf8_valid(name)) return {};
  std::string result;
  for (const char c : trim(name)) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) result += c;
  }
  return std::string{clipped(result, kNameBytesMax)};
}

std::string passwd_name() {
  std::vector<char> buffer(16 * 1024);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found) return {};
  return found->pw_name;
}

struct SpawnActions {
  posix_spawn_file_actions_t actions{};
  SpawnActions() { posix_spawn_file_actions_init(&actions); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions); }
};

std::string output_of_whoami() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const Fd reader{ends[0]};
  Fd writer{ends[1]};
  SpawnActions spawn;
  posix_spawn_file_actions_adddup2(&spawn.actions, writer.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&spawn.actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string program = "whoami";
  std::array<char*, 2> argv = {program.data(), nullptr};
  pid_t child = 0;
  if (posix_spawnp(&child, "whoami", &spawn.actions, nullptr, argv.data(), environ) != 0) return {};
  writer.reset();
  std::string name(256, '\0');
  const ssize_t count = ::read(reader.get(), name.data(), name.size());
  name.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? name : std::string{};
}

}  // namespace

std::string user_name(const Environment& environment) {
  for (const char* variable : {"USER", "USERNAME"}) {
    std::string name = as_header(environment(variable).value_or(""));
    if (!name.empty()) return name;
  }
  const std::string name = as_header(passwd_name());
  return name.empty() ? as_header(output_of_whoami()) : name;
}

}  // namespace modelkeep::cli
