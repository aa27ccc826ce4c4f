#include "app/proc_table.h"

#include <cstdint>
#include <functional>
#include <optional>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/handle.h"
#include "base/text.h"

namespace modelkeep::app {
namespace {

using Folder = Handle<DIR, closedir>;

void each_number_in(const std::string& folder, const std::function<void(pid_t)>& visit) {
  const Folder entries(opendir(folder.c_str()));
  if (!entries) return;
  while (const dirent* entry = readdir(entries.get())) {
    if (const auto number = parse_decimal(entry->d_name)) visit(static_cast<pid_t>(*number));
  }
}

/// The fourth word of /proc/<pid>/stat; the second is a name that may contain anything, up to the
/// last ")".
std::optional<pid_t> living_parent_of(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char buffer[1024];
  const ssize_t size = file ? read(file.get(), buffer, sizeof buffer) : -1;
  if (size <= 0) return std::nullopt;
  const std::string_view text(buffer, static_cast<std::size_t>(size));
  const auto end_of_name = text.rfind(')');
  if (end_of_name == std::string_view::npos) return std::nullopt;
  const auto words = split(trim(text.substr(end_of_name + 1)), ' ');
  if (words.size() < 2 || words[0] == "Z") return std::nullopt;
  const auto parent = parse_decimal(words[1]);
  if (!parent) return std::nullopt;
  return static_cast<pid_t>(*parent);
}

}  // namespace

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  each_number_in("/proc", [&](pid_t pid) {
    if (living_parent_of(pid) == parent) found.push_back(pid);
  });
  return found;
}

std::vector<pid_t> holders_of(const std::string& path) {
  std::vector<pid_t> found;
  struct stat wanted {};
  if (stat(path.c_str(), &wanted) != 0) return found;
  each_number_in("/proc", [&](pid_t pid) {
    if (pid == getpid()) return;
    const std::string descriptors = "/proc/" + std::to_string(pid) + "/fd";
    bool holds = false;
    each_number_in(descriptors, [&](pid_t descriptor) {
      struct stat open_file {};
      const std::string link = descriptors + "/" + std::to_string(descriptor);
      holds = holds || (stat(link.c_str(), &open_file) == 0 && open_file.st_dev == wanted.st_dev &&
                        open_file.st_ino == wanted.st_ino);
    });
    if (holds) found.push_back(pid);
  });
  return found;
}

}  // namespace modelkeep::app
