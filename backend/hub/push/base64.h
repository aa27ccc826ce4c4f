#pragma once
// Base64 of RFC 4648, as clients send the bytes of small files in JSON. Pure.
#include <optional>
#include <string>
#include <string_view>

namespace modelkeep::hub {

/// nullopt where it is none; the padding may be left out.
std::optional<std::string> base64_decoded(std::string_view text);

}  // namespace modelkeep::hub
