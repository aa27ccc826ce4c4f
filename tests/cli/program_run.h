#pragma once
// Runs the real program with an environment of its own.
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace modelkeep::cli {

struct Ended {
  int status = -1;  ///< Exit status, or 128 and the signal.
  std::string out;
  std::string err;
};

struct Started {
  std::vector<std::string> args;
  std::map<std::string, std::string> environment;  ///< Nothing else is passed on but PATH.
  bool closed_stdout = false;                      ///< Stdout is a pipe that nobody reads.
  std::string program;                             ///< modelkeep unless given.
  std::function<bool()> interrupt_when;            ///< SIGINT once this is true.
};

Ended run_program(const Started& start);

}  // namespace modelkeep::cli
