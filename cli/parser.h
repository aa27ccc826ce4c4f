#pragma once
// The TCLAP parser of one command, with the options that all commands share. A command makes one,
// declares its arguments on line(), then reads:
//
//   Parser parser(call, {.arguments = "NAME|ID", .arguments_max = 1, .about = "...", .examples =
//   "..."}); TCLAP::SwitchArg yes("y", "yes", "Do not ask.", parser.line()); if
//   (!TRY(parser.read())) return {};
#include <optional>
#include <string>

#include <tclap/CmdLine.h>

#include "cli/command.h"

namespace modelkeep::cli {

class Parser {
 public:
  Parser(Call& call, Manual manual);

  TCLAP::CmdLine& line() { return line_; }

  /// False when only the manual was wanted or help was printed: the command returns at once.
  Result<bool> read();

  /// The arguments that belong to no option; at most manual.arguments_max.
  const std::vector<std::string>& words() const { return words_.getValue(); }
  /// The one word, or the value of the option that is its old spelling; both or none is wrong
  /// usage.
  Result<std::string> word_or(const TCLAP::ValueArg<std::string>& option) const;

  std::optional<std::string> server() const;
  std::optional<std::string> token_file() const;

 private:
  std::vector<Option> options();

  Call& call_;
  Manual manual_;
  TCLAP::CmdLine line_;
  TCLAP::ValueArg<std::string> server_;
  TCLAP::ValueArg<std::string> token_file_;
  TCLAP::SwitchArg json_;
  TCLAP::SwitchArg help_;
  // TCLAP allows one optional positional argument in the life of a process; of this kind it allows
  // any number.
  TCLAP::UnlabeledMultiArg<std::string> words_;
};

}  // namespace modelkeep::cli
