#pragma once
// Text as the network brings it: UTF-8, percent-encoding (RFC 3986), ASCII case. All functions are
// pure.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace modelkeep {

/// Well-formed UTF-8 (RFC 3629): no overlong form, no surrogate, nothing past U+10FFFF.
bool utf8_valid(std::string_view text);

/// The code points of well-formed UTF-8; nullopt when it is not.
std::optional<std::u32string> utf8_code_points(std::string_view text);

/// C0, DEL, C1, bidirectional controls (U+202A-202E, U+2066-2069), U+FEFF: never legitimate in a
/// name.
bool is_control_or_bidi(char32_t code_point);

/// Every byte outside A-Za-z0-9._~- and `keep` becomes %XX.
std::string percent_encode(std::string_view text, std::string_view keep = {});

/// Decodes once; nullopt when a % is not followed by two hex digits. "+" stays "+".
std::optional<std::string> percent_decode(std::string_view text);

std::string_view trim(std::string_view text);
std::string lower_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
std::vector<std::string_view> split(std::string_view text, char separator);

/// At most `max_bytes` bytes, cut between code points, for echoing input back.
std::string_view clipped(std::string_view text, std::size_t max_bytes);

/// A canonical decimal: digits only, no leading zero, no sign, fits 64 bits.
std::optional<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace modelkeep
