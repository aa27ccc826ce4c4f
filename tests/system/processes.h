#pragma once
// Who runs, as the kernel tells it: by /proc, never by a number that some file holds.
#include <cstddef>
#include <string>
#include <vector>

#include <sys/types.h>

namespace modelkeep::system_test {

enum class Role {
  master,
  worker,
  long_worker,
  stream_worker,
  fetcher,
  nginx_master,
  nginx_worker,
  other
};

struct Process {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = '?';  ///< As in /proc/<pid>/stat: R, S, D, T, Z.
  std::string command;
  Role role = Role::other;
};

std::vector<Process> all_processes();

/// `pid` itself and all below it.
std::vector<Process> family_of(pid_t pid);

/// Who has the file at `path` open, also when its parent is gone.
std::vector<Process> holders_of(const std::string& path);

std::size_t open_descriptors(pid_t pid);
/// Memory that belongs to it alone and to others, in KiB (VmRSS).
std::size_t resident_kib(pid_t pid);

}  // namespace modelkeep::system_test
