#pragma once
// Help texts, made from the manuals that the parsers give.
#include <string>
#include <string_view>

#include "cli/command.h"

namespace modelkeep::cli {

/// `modelkeep COMMAND --help`, laid out for this screen.
std::string command_help(std::string_view name, const Manual& manual, const Output& out);

/// `modelkeep --help`: every command in one line, and where to go from there.
std::string overview(const Output& out);

/// Words joined into lines of at most `columns`, every line but the first indented.
std::string wrapped(std::string_view text, int columns, int indent);

}  // namespace modelkeep::cli
