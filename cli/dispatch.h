#pragma once
// From the words of a command line to an exit status: finds the command, runs it, and is the only
// place where an error becomes a line on stderr and a status.
#include <string>
#include <vector>

#include "cli/command.h"

namespace modelkeep::cli {

/// `args` without the program's name.
int run_command_line(const std::vector<std::string>& args, World& world);

}  // namespace modelkeep::cli
