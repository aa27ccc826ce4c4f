#pragma once
// Figures as people read them: sizes are decimal (1 kB = 1000 bytes, as disks and the Hub count),
// times are local.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace modelkeep::cli {

/// "0 B", "999 B", "1.0 kB", "312.4 MB", "1.5 TB".
std::string size_text(std::int64_t bytes);

/// "42 s", "3 min 05 s", "2 h 07 min", "4 d 3 h".
std::string duration_text(std::int64_t seconds);

/// "2026-01-22 10:30" in the caller's zone from the server's RFC 3339; what cannot be read is shown
/// as it came.
std::string time_text(std::string_view rfc3339);

/// "1 file", "12,345 files".
std::string count_text(std::int64_t count, std::string_view one, std::string_view many);

/// "12,345".
std::string grouped(std::int64_t number);

/// Reads "500", "1.5GB", "200 MB", "4GiB"; nullopt when it is no size.
std::optional<std::int64_t> parse_size(std::string_view text);

}  // namespace modelkeep::cli
