#pragma once
// One byte range as RFC 9110 section 14 has it. Pure.
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/hub/message.h"

namespace modelkeep::standin {

struct ByteRange {
  enum class Kind : std::uint8_t { whole, part, unsatisfiable };
  Kind kind = Kind::whole;
  std::uint64_t first = 0;
  std::uint64_t size_bytes = 0;
};

/// Several ranges, other units and what is malformed count as no range at all.
ByteRange parse_byte_range(std::string_view header, std::uint64_t content_bytes);

/// 200, 206, 304 or 416 for a file under a strong ETag, by the request's Range, If-Range and
/// If-None-Match.
Answer file_answer(const Request& request, const FilePtr& file, std::string_view etag);

}  // namespace modelkeep::standin
