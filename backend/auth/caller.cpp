#include "auth/caller.h"

#include <algorithm>

#include "base/text.h"

namespace modelkeep::auth {
namespace {

constexpr std::size_t kNameCharactersMax = 64;
constexpr std::size_t kNameBytesMax = 256;

}  // namespace

Result<std::string> checked_name(std::string_view claimed) {
  const std::string_view name = trim(claimed);
  const auto characters = utf8_code_points(name);
  if (name.empty() || name.size() > kNameBytesMax || !characters ||
      characters->size() > kNameCharactersMax ||
      std::any_of(characters->begin(), characters->end(), is_control_or_bidi)) {
    return fail(ErrorKind::invalid, codes::username_invalid,
                "A user name has 1 to 64 printable characters.");
  }
  return std::string{name};
}

Result<std::string> name_from_header(std::string_view value) {
  if (value.find('%') != std::string_view::npos) {
    if (const auto decoded = percent_decode(value)) return checked_name(*decoded);
  }
  return checked_name(value);
}

}  // namespace modelkeep::auth
