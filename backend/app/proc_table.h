#pragma once
// Questions to /proc: whose child is it, who has this file open. For the rare moments of a master's
// life: a start after a crash, a reload, the death of nginx.
#include <string>
#include <vector>

#include <sys/types.h>

namespace modelkeep::app {

/// Children of a process that are alive.
std::vector<pid_t> children_of(pid_t parent);

/// Processes of this user, other than the caller, that have the file at `path` open.
std::vector<pid_t> holders_of(const std::string& path);

}  // namespace modelkeep::app
