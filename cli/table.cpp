#include "cli/table.h"

#include <algorithm>

#include "cli/terminal_text.h"

namespace modelkeep::cli {
namespace {

constexpr int kGap = 2;
constexpr int kNarrowestColumn = 8;

using Widths = std::vector<int>;

int total_of(const Widths& widths) {
  int total = static_cast<int>(widths.size() - 1) * kGap;
  for (const int width : widths) total += width;
  return total;
}

/// Takes columns from the widest one that may shrink until the table fits or nothing is left to
/// take.
void shrink_to(int columns, const std::vector<Column>& heads, Widths& widths) {
  for (int excess = total_of(widths) - columns; excess > 0; --excess) {
    int* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (heads[i].shrinks && widths[i] > kNarrowestColumn && (!widest || widths[i] > *widest)) {
        widest = &widths[i];
      }
    }
    if (!widest) return;
    --*widest;
  }
}

std::string padding(int columns) {
  return std::string(static_cast<std::size_t>(std::max(columns, 0)), ' ');
}

std::string row_text(const std::vector<Column>& heads, const Widths& widths, const Row& row,
                     const Output& out) {
  std::string text;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const Cell cell = i < row.size() ? row[i] : Cell{};
    const std::string fit = fitted(cell.text, widths[i], out.screen().utf8);
    const std::string space = padding(widths[i] - columns_of(fit));
    if (i > 0) text += padding(kGap);
    if (heads[i].right) text += space;
    text += out.painted(cell.style, fit);
    if (!heads[i].right && i + 1 < heads.size()) text += space;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  text += '\n';
  return text;
}

}  // namespace

std::string table_text(const std::vector<Column>& columns, const std::vector<Row>& rows,
                       const Output& out) {
  std::vector<Row> safe = rows;
  Widths widths;
  Row header;
  for (const Column& column : columns) {
    widths.push_back(columns_of(column.title));
    header.push_back({std::string{column.title}, Style::bold});
  }
  for (Row& row : safe) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
      row[i].text = shown(row[i].text);
      widths[i] = std::max(widths[i], columns_of(row[i].text));
    }
  }
  if (out.screen().terminal) shrink_to(out.screen().columns, columns, widths);
  std::string text = row_text(columns, widths, header, out);
  for (const Row& row : safe) text += row_text(columns, widths, row, out);
  return text;
}

std::string facts_text(const std::vector<Fact>& facts, const Output& out) {
  int width = 0;
  for (const Fact& fact : facts) {
    if (!fact.value.empty()) width = std::max(width, columns_of(fact.label));
  }
  std::string text;
  for (const Fact& fact : facts) {
    if (fact.value.empty()) continue;
    text += out.painted(Style::dim, fact.label);
    text += padding(width - columns_of(fact.label) + kGap);
    text += out.painted(fact.style, shown(fact.value));
    text += '\n';
  }
  return text;
}

}  // namespace modelkeep::cli
