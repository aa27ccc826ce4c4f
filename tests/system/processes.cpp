#include "tests/system/processes.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>

#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

/// Empty when the process is gone, also between the open and the read, where a stream would raise
/// an exception.
std::string content_of(const std::string& path) {
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string content;
  std::array<char, 4096> chunk;
  for (ssize_t got = 0; file && (got = read(file.get(), chunk.data(), chunk.size())) > 0;) {
    content.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return content;
}

Role role_of(const std::string& command) {
  const auto says = [&](const char* words) { return command.find(words) != std::string::npos; };
  if (says("nginx: master")) return Role::nginx_master;
  if (says("nginx: worker")) return Role::nginx_worker;
  if (!says("modelkeepd")) return Role::other;
  if (says("--pool=streams")) return Role::stream_worker;
  if (says("--pool=long")) return Role::long_worker;
  if (says("modelkeepd worker")) return Role::worker;
  if (says("modelkeepd fetch")) return Role::fetcher;
  return says("modelkeepd run") ? Role::master : Role::other;
}

std::optional<Process> process_at(const std::string& folder) {
  const std::string stat = content_of(folder + "/stat");
  // The name stands in parentheses and may hold anything, parentheses too.
  const auto after_name = stat.rfind(')');
  if (after_name == std::string::npos) return std::nullopt;
  Process process;
  process.pid = static_cast<pid_t>(std::atoi(stat.c_str()));
  std::istringstream rest(stat.substr(after_name + 1));
  rest >> process.state >> process.parent;
  process.command = content_of(folder + "/cmdline");
  std::replace(process.command.begin(), process.command.end(), '\0', ' ');
  process.role = role_of(process.command);
  return process;
}

bool has_open(pid_t pid, const std::string& path) {
  std::error_code ignored;
  const fs::path folder = "/proc/" + std::to_string(pid) + "/fd";
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    if (fs::read_symlink(entry->path(), ignored) == path) return true;
    ignored.clear();
  }
  return false;
}

}  // namespace

std::vector<Process> all_processes() {
  std::vector<Process> found;
  std::error_code ignored;
  for (fs::directory_iterator entry("/proc", ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    const std::string name = entry->path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (auto process = process_at(entry->path().string())) found.push_back(std::move(*process));
  }
  return found;
}

std::vector<Process> family_of(pid_t pid) {
  const std::vector<Process> all = all_processes();
  std::set<pid_t> family{pid};
  for (bool grew = true; grew;) {
    grew = false;
    for (const Process& process : all) {
      if (family.contains(process.parent)) grew |= family.insert(process.pid).second;
    }
  }
  std::vector<Process> found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found),
               [&](const Process& process) { return family.contains(process.pid); });
  return found;
}

std::vector<Process> holders_of(const std::string& path) {
  std::vector<Process> found;
  for (Process& process : all_processes()) {
    if (has_open(process.pid, path)) found.push_back(std::move(process));
  }
  return found;
}

std::size_t open_descriptors(pid_t pid) {
  std::error_code ignored;
  const fs::directory_iterator folder("/proc/" + std::to_string(pid) + "/fd", ignored);
  return static_cast<std::size_t>(std::distance(fs::begin(folder), fs::end(folder)));
}

std::size_t resident_kib(pid_t pid) {
  std::istringstream status(content_of("/proc/" + std::to_string(pid) + "/status"));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::strtoul(line.c_str() + 6, nullptr, 10);
  }
  return 0;
}

}  // namespace modelkeep::system_test
