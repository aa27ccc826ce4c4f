#include "api/paging.h"

namespace modelkeep::api {
namespace {

constexpr std::size_t kCursorBytesMax = 256;

}  // namespace

Result<std::optional<int>> page_limit(const http::Query& query) {
  const auto limit = TRY(query.number("limit", 1, kPageMax, codes::page_invalid));
  if (!limit) return std::optional<int>{};
  return std::optional<int>{static_cast<int>(*limit)};
}

Result<std::optional<std::string_view>> page_cursor(const http::Query& query) {
  const auto cursor = TRY(query.get("cursor"));
  if (cursor && (cursor->empty() || cursor->size() > kCursorBytesMax)) return bad_cursor();
  return cursor;
}

tl::unexpected<Error> bad_cursor() {
  return fail(ErrorKind::invalid, codes::page_invalid,
              "The cursor is not one that this list gave; begin again without it.");
}

}  // namespace modelkeep::api
