#pragma once
// The options that say what of a repo is meant: the same for everything that fetches or would.
#include <string>

#include <tclap/CmdLine.h>

namespace modelkeep::cli {

struct SelectionOptions {
  explicit SelectionOptions(TCLAP::CmdLine& line)
      : name("n", "name", "The model's name on the Hub.", false, "", "NAME", line),
        revision("r", "revision", "A branch, tag, refs/pr/N or commit; main unless given.", false,
                 "", "REVISION", line),
        include("", "include", "Only files that match PATTERN.", false, "PATTERN", line),
        exclude("", "exclude", "No files that match PATTERN.", false, "PATTERN", line) {}

  TCLAP::ValueArg<std::string> name;
  TCLAP::ValueArg<std::string> revision;
  TCLAP::MultiArg<std::string> include;
  TCLAP::MultiArg<std::string> exclude;
};

}  // namespace modelkeep::cli
