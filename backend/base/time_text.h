#pragma once
// Times as text: RFC 3339 in UTC, and the HTTP date of RFC 9110 section 5.6.7.
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace modelkeep {

/// "2026-01-22T10:30:00Z"; whole seconds, rounded down.
std::string rfc3339(Time time);

/// "2026-01-22T10:30:00.250Z".
std::string rfc3339_ms(Time time);

/// Any RFC 3339 form: fraction of any length, "Z" or an offset, "T" or a space; without a zone it
/// is taken as UTC.
std::optional<Time> parse_rfc3339(std::string_view text);

/// "Thu, 22 Jan 2026 10:30:00 GMT"; other forms are not accepted.
std::optional<Time> parse_http_date(std::string_view text);

}  // namespace modelkeep
