#include "adopt/json_pieces.h"

#include <cstddef>
#include <optional>

namespace modelkeep::adopt {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

void skip_blanks(std::string_view& text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
}

/// The length of the string that `text` begins with, quotes included.
std::optional<std::size_t> string_length(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return std::nullopt;
}

/// The length of the value that `text` begins with: brackets are counted, strings are skipped.
std::optional<std::size_t> value_length(std::string_view text) {
  std::size_t depth = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      const auto length = string_length(text.substr(at));
      if (!length) return std::nullopt;
      at += *length;
      if (depth == 0) return at;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') {
      if (depth == 0) return at;  // The end of the container around a plain value.
      if (--depth == 0) return at + 1;
    }
    if (depth == 0 && (c == ',' || is_blank(c))) return at;
    ++at;
  }
  return std::nullopt;
}

/// Cuts "key": off the front; nullopt when there is none.
std::optional<std::string_view> take_key(std::string_view& text) {
  if (text.empty() || text.front() != '"') return std::nullopt;
  const auto length = string_length(text);
  if (!length) return std::nullopt;
  const std::string_view key = text.substr(1, *length - 2);
  text.remove_prefix(*length);
  skip_blanks(text);
  if (text.empty() || text.front() != ':') return std::nullopt;
  text.remove_prefix(1);
  skip_blanks(text);
  return key;
}

bool begins_with(std::string_view text, char bracket) {
  skip_blanks(text);
  return !text.empty() && text.front() == bracket;
}

}  // namespace

bool is_object(std::string_view text) {
  return begins_with(text, '{');
}
bool is_array(std::string_view text) {
  return begins_with(text, '[');
}

bool each_piece(std::string_view text, const VisitPiece& visit) {
  skip_blanks(text);
  if (!is_object(text) && !is_array(text)) return false;
  const bool has_keys = text.front() == '{';
  const char closing = has_keys ? '}' : ']';
  text.remove_prefix(1);
  skip_blanks(text);
  if (!text.empty() && text.front() == closing) return true;
  for (;;) {
    std::string_view key;
    if (has_keys) {
      const auto found = take_key(text);
      if (!found) return false;
      key = *found;
    }
    const auto length = value_length(text);
    if (!length && !text.empty()) visit(key, text);
    if (!length || *length == 0) return false;
    visit(key, text.substr(0, *length));
    text.remove_prefix(*length);
    skip_blanks(text);
    if (text.empty()) return false;
    const char next = text.front();
    text.remove_prefix(1);
    if (next == closing) return true;
    if (next != ',') return false;
    skip_blanks(text);
  }
}

}  // namespace modelkeep::adopt
