#pragma once
// The Range header of one request, as nginx reads it for the files that it sends itself. Pure.
#include <cstdint>
#include <optional>
#include <string_view>

namespace modelkeep::hub {

struct WantedBytes {
  enum class Kind : std::uint8_t { whole, part, none };
  Kind kind = Kind::whole;  ///< none: nothing of the file lies there.
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  ///< Exclusive.
};

/// Several ranges, and what cannot be read, ask for the whole file. An end past the file is its
/// end.
WantedBytes wanted_bytes(std::string_view range, std::uint64_t size);

}  // namespace modelkeep::hub
