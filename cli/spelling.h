#pragma once
// Brings every accepted spelling into the one that TCLAP reads: "--name=X", "-nX", clusters of
// switches, and the old Go client's "-name X". Unknown options are refused here, because TCLAP
// would take them for the positional argument.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/command.h"

namespace modelkeep::cli {

/// Options as separate words ("--name", "X"), in their order.
Result<std::vector<std::string>> plain_spelling(const std::vector<std::string>& args,
                                                std::span<const Option> options);

/// Where the command word stands: the first word that is neither a global option nor the value of
/// one. args.size() when there is none.
std::size_t command_index(const std::vector<std::string>& args);

/// The one of `known` that was most likely meant, empty when none is near.
std::string nearest(std::string_view word, std::span<const std::string> known);

/// -s, --token-file, --json, --help: understood before and after the command word.
std::span<const Option> global_options();

}  // namespace modelkeep::cli
