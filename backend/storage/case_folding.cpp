#include "storage/case_folding.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include <locale.h>
#include <wctype.h>

#include "base/handle.h"
#include "base/text.h"

namespace modelkeep::storage {
namespace {

using Locale = Handle<std::remove_pointer_t<locale_t>, freelocale>;
using Decompositions = std::unordered_map<char32_t, std::u32string>;

char32_t parse_hex(std::string_view text) {
  std::uint32_t code_point = 0;
  std::from_chars(text.begin(), text.end(), code_point, 16);
  return code_point;
}

// Lines of "C0=41+300 C1=41+301"; those that begin with # are comments.
Decompositions parse_table() {
  Decompositions table;
  for (const std::string_view line : split(decompositions_text(), '\n')) {
    if (line.starts_with('#')) continue;
    for (const std::string_view entry : split(line, ' ')) {
      const auto equals = entry.find('=');
      if (equals == std::string_view::npos) continue;
      std::u32string& parts = table[parse_hex(entry.substr(0, equals))];
      for (const std::string_view part : split(entry.substr(equals + 1), '+')) {
        parts += parse_hex(part);
      }
    }
  }
  return table;
}

// Built into the C library, so it is there whatever the machine's language is.
locale_t unicode_locale() {
  static const Locale locale(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr));
  return locale.get();
}

char32_t lower(char32_t c) {
  if (c < 0x80) return c >= U'A' && c <= U'Z' ? c + 32 : c;
  const locale_t locale = unicode_locale();
  if (locale == nullptr) return c;
  // Upper first: some letters have several lower forms and only one upper one.
  const wint_t upper = towupper_l(static_cast<wint_t>(c), locale);
  return static_cast<char32_t>(towlower_l(upper, locale));
}

void append_decomposed(char32_t c, std::u32string& out) {
  constexpr char32_t kHangulFirst = 0xAC00, kHangulLast = 0xD7A3;
  if (c >= kHangulFirst && c <= kHangulLast) {
    const char32_t index = c - kHangulFirst;
    out.push_back(0x1100 + index / 588);
    out.push_back(0x1161 + index % 588 / 28);
    if (index % 28 != 0) out.push_back(0x11A7 + index % 28);
    return;
  }
  static const Decompositions table = parse_table();
  const auto found = c < 0xC0 ? table.end() : table.find(c);
  if (found == table.end()) {
    out += c;
  } else {
    out += found->second;
  }
}

bool is_combining(char32_t c) {
  constexpr std::array<std::pair<char32_t, char32_t>, 8> kBlocks = {{{0x0300, 0x036F},
                                                                     {0x0483, 0x0487},
                                                                     {0x0591, 0x05BD},
                                                                     {0x1AB0, 0x1AFF},
                                                                     {0x1DC0, 0x1DFF},
                                                                     {0x20D0, 0x20FF},
                                                                     {0x3099, 0x309A},
                                                                     {0xFE20, 0xFE2F}}};
  return std::any_of(kBlocks.begin(), kBlocks.end(),
                     [c](const auto& block) { return c >= block.first && c <= block.second; });
}

// Marks on one letter in one order. Sorting them all, where canonical order would keep some apart,
// takes a few different names for equal; no repo has two such.
void order_marks(std::u32string& text) {
  for (auto begin = text.begin(); begin != text.end();) {
    begin = std::find_if(begin, text.end(), is_combining);
    const auto end = std::find_if_not(begin, text.end(), is_combining);
    std::sort(begin, end);
    begin = end;
  }
}

}  // namespace

std::string folded(std::string_view text) {
  const auto code_points = utf8_code_points(text);
  if (!code_points) return std::string(text);
  std::u32string plain;
  plain.reserve(code_points->size());
  for (const char32_t c : *code_points) append_decomposed(c, plain);
  for (char32_t& c : plain) c = lower(c);
  order_marks(plain);
  std::string key;
  key.reserve(plain.size());
  for (const char32_t c : plain) {
    if (c < 0x80) {
      key += static_cast<char>(c);
      continue;
    }
    // Three bytes a code point, none of them ASCII: the key keeps its slashes and is never shown.
    for (const unsigned shift : {14U, 7U, 0U}) {
      key += static_cast<char>(0x80U | ((c >> shift) & 0x7fU));
    }
  }
  return key;
}

}  // namespace modelkeep::storage
