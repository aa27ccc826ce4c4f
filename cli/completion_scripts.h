#pragma once
// Shell completions, written from the options that the parsers declare.
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace modelkeep::cli {

/// A command as a completion knows it.
struct Completable {
  std::string name;
  std::string summary;
  std::vector<Option> options;
  std::vector<std::string>
      words;  ///< What its positional argument can be, where that is a fixed set.
};

std::string bash_completions(const std::vector<Completable>& commands);
std::string zsh_completions(const std::vector<Completable>& commands);
std::string fish_completions(const std::vector<Completable>& commands);

}  // namespace modelkeep::cli
