#pragma once
// Text from the server as it may be shown: a name can hold anything, and a terminal obeys escape
// sequences. Pure functions, used by everything that prints.
#include <string>
#include <string_view>

namespace modelkeep::cli {

/// One line in which nothing steers a terminal: control characters, bidirectional controls and
/// bytes that are not UTF-8 become visible escapes such as \x1b, \n and \u202e.
std::string shown(std::string_view text);

/// JSON with the same meaning in which nothing steers a terminal; line breaks between its tokens
/// stay.
std::string json_for_terminal(std::string_view json);

/// Columns that shown text takes: wide characters count two, combining ones none.
int columns_of(std::string_view text);

/// Shown text cut to at most `columns`, an ellipsis in its last ones; `utf8` chooses between "…"
/// and "...".
std::string fitted(std::string_view text, int columns, bool utf8);

}  // namespace modelkeep::cli
