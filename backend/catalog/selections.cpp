#include "catalog/selections.h"

#include <algorithm>

namespace modelkeep::catalog {
namespace {

using Lines = std::vector<std::string>;

bool contains(const Lines& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

bool contains_all(const Lines& lines, const Lines& wanted) {
  return std::all_of(wanted.begin(), wanted.end(),
                     [&lines](const std::string& line) { return contains(lines, line); });
}

}  // namespace

FileSelection widened(const FileSelection& a, const FileSelection& b) {
  FileSelection both;
  if (!a.allow.empty() && !b.allow.empty()) {
    both.allow = a.allow;
    for (const std::string& pattern : b.allow) {
      if (!contains(both.allow, pattern)) both.allow.push_back(pattern);
    }
  }
  for (const std::string& pattern : a.ignore) {
    if (contains(b.ignore, pattern)) both.ignore.push_back(pattern);
  }
  return both;
}

std::string literal_pattern(std::string_view path) {
  std::string pattern;
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[') {
      pattern.append("[").append(1, c).append("]");
    } else {
      pattern += c;
    }
  }
  return pattern;
}

bool covers(const FileSelection& stored, const FileSelection& asked) {
  const bool allows =
      stored.allow.empty() || (!asked.allow.empty() && contains_all(stored.allow, asked.allow));
  return allows && contains_all(asked.ignore, stored.ignore);
}

}  // namespace modelkeep::catalog
