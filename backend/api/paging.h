#pragma once
// limit and cursor, the same for every list.
#include <optional>
#include <string_view>

#include "http/query.h"

namespace modelkeep::api {

inline constexpr int kPageDefault = 50;
inline constexpr int kPageMax = 200;

/// page_invalid unless it is a canonical decimal from 1 to 200.
Result<std::optional<int>> page_limit(const http::Query& query);
/// page_invalid when it is longer than any cursor of ours.
Result<std::optional<std::string_view>> page_cursor(const http::Query& query);
/// page_invalid, for a cursor that no page of this list gave.
tl::unexpected<Error> bad_cursor();

}  // namespace modelkeep::api
