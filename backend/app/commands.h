#pragma once
// The subcommands of modelkeepd, each a row of one table.
#include <string>
#include <vector>

namespace modelkeep::app {

/// 0 ran, 1 failed, 2 wrong usage. Errors are one line on stderr.
int run_command(const std::vector<std::string>& words);

}  // namespace modelkeep::app
