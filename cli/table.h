#pragma once
// Tables for people: aligned columns that shrink to the terminal's width. The caller hands in plain
// values; every cell is escaped here, so no command can forget it.
#include <string>
#include <string_view>
#include <vector>

#include "cli/output.h"

namespace modelkeep::cli {

struct Column {
  std::string_view title;
  bool right = false;    ///< Numbers stand to the right.
  bool shrinks = false;  ///< Gives up columns first when the terminal is narrow.
};

struct Cell {
  std::string text;
  Style style = Style::plain;
};

using Row = std::vector<Cell>;

/// The header and the rows, each ended by a newline. Cut to the screen on a terminal only: a file
/// gets all of it.
std::string table_text(const std::vector<Column>& columns, const std::vector<Row>& rows,
                       const Output& out);

/// "  label   value" lines with the values in one column; an empty value leaves its line out.
struct Fact {
  std::string_view label;
  std::string value;
  Style style = Style::plain;
};
std::string facts_text(const std::vector<Fact>& facts, const Output& out);

}  // namespace modelkeep::cli
