#pragma once
// Runs the real program with an environment of its own.
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
  int interrupt_after_ms = 0;                      ///< SIGINT after so long; 0 for none.
};

Ended run_program(const Started& start);

}  // namespace modelkeep::cli
