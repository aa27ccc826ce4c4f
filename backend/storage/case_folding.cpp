#include "storage/case_folding.h"

#include <optional>

#include <locale.h>
#include <wctype.h>

#include "base/handle.h"
#include "base/text.h"

namespace modelkeep::storage {
namespace {

using Locale = Handle<std::remove_pointer_t<locale_t>, freelocale>;

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
  return static_cast<char32_t>(towlower_l(towupper_l(static_cast<wint_t>(c), locale), locale));
}

}  // namespace

std::string folded(std::string_view text) {
  std::string key;
  const auto code_points = utf8_code_points(text);
  if (!code_points) return std::string(text);
  key.reserve(text.size());
  for (const char32_t c : *code_points) {
    const char32_t low = lower(c);
    if (low < 0x80) {
      key += static_cast<char>(low);
      continue;
    }
    // A private spelling, three bytes a code point: the key is compared and never shown.
    key += static_cast<char>(0x80U | (low >> 14U));
    key += static_cast<char>(0x80U | ((low >> 7U) & 0x7fU));
    key += static_cast<char>(0x80U | (low & 0x7fU));
  }
  return key;
}

}  // namespace modelkeep::storage
