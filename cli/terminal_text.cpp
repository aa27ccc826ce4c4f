#include "cli/terminal_text.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "base/text.h"

namespace modelkeep::cli {
namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

/// The code point at the start of `text`, or one invalid byte.
CodePoint first_of(std::string_view text) {
  const std::size_t length = sequence_length(static_cast<unsigned char>(text.front()));
  if (length == 0 || length > text.size() || !utf8_valid(text.substr(0, length))) return {};
  const auto lead = static_cast<unsigned char>(text.front());
  char32_t value = length == 1 ? lead : static_cast<char32_t>(lead & (0xFFU >> (length + 1)));
  for (std::size_t i = 1; i < length; ++i) {
    value = (value << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  return {value, length, true};
}

std::string escape_of(char32_t value) {
  if (value == '\n') return "\\n";
  if (value == '\r') return "\\r";
  if (value == '\t') return "\\t";
  std::array<char, 12> text{};
  const auto number = static_cast<unsigned>(value);
  std::snprintf(text.data(), text.size(), number < 0x100 ? "\\x%02x" : "\\u%04x", number);
  return text.data();
}

/// Line and paragraph separators break a line, zero-width and tag characters hide what a name
/// really is.
bool is_invisible(char32_t value) {
  return (value >= 0x200B && value <= 0x200F) || value == 0x2028 || value == 0x2029 ||
         (value >= 0x2060 && value <= 0x2064) || (value >= 0xE0000 && value <= 0xE007F);
}

struct Range {
  char32_t first;
  char32_t last;
};

// Widths as terminals draw them (Unicode's East Asian Width, wide and fullwidth, joined to whole
// blocks).
constexpr std::array kWide = {
    Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},
    Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},
    Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},
    Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF},
    Range{0x20000, 0x3FFFD}};
constexpr std::array kCombining = {
    Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD},
    Range{0x064B, 0x065F}, Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF},
    Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}};

template <class Ranges>
bool within(const Ranges& ranges, char32_t value) {
  for (const Range& range : ranges) {
    if (value >= range.first && value <= range.last) return true;
  }
  return false;
}

int width_of(char32_t value) {
  if (value < 0x300) return 1;
  if (within(kCombining, value)) return 0;
  return within(kWide, value) ? 2 : 1;
}

}  // namespace

std::string shown(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = first_of(text);
    if (!point.valid) {
      result += escape_of(static_cast<unsigned char>(text.front()));
    } else if (is_control_or_bidi(point.value) || is_invisible(point.value)) {
      result += escape_of(point.value);
    } else {
      result += text.substr(0, point.bytes);
    }
    text.remove_prefix(point.bytes);
  }
  return result;
}

std::string json_for_terminal(std::string_view json) {
  std::string result;
  result.reserve(json.size());
  while (!json.empty()) {
    const CodePoint point = first_of(json);
    const bool layout = point.value == '\n' || point.value == '\r' || point.value == '\t';
    if (point.valid && !layout && point.value < 0x10000 && is_control_or_bidi(point.value)) {
      std::array<char, 8> text{};
      std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(point.value));
      result += text.data();
    } else if (point.valid) {
      result += json.substr(0, point.bytes);
    }
    json.remove_prefix(point.bytes);
  }
  return result;
}

int columns_of(std::string_view text) {
  int columns = 0;
  while (!text.empty()) {
    const CodePoint point = first_of(text);
    columns += point.valid ? width_of(point.value) : 1;
    text.remove_prefix(point.bytes);
  }
  return columns;
}

std::string fitted(std::string_view text, int columns, bool utf8) {
  if (columns_of(text) <= columns) return std::string{text};
  const std::string_view mark = utf8 ? "…" : "...";
  const int mark_columns = columns_of(mark);
  if (columns <= mark_columns) return std::string{mark.substr(0, utf8 ? mark.size() : 1)};
  std::string result;
  int used = 0;
  while (!text.empty()) {
    const CodePoint point = first_of(text);
    const int width = point.valid ? width_of(point.value) : 1;
    if (used + width > columns - mark_columns) break;
    result += text.substr(0, point.bytes);
    used += width;
    text.remove_prefix(point.bytes);
  }
  result += mark;
  return result;
}

}  // namespace modelkeep::cli
