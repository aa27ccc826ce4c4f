#pragma once
// Pages of the Hub's lists: the next one is named by a Link, absolute and ours, whose cursor is
// opaque. For the .cpp files of this room.
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/response.h"
#include "hub/visit.h"

namespace modelkeep::hub {

/// At most `max`; `max` where none is asked for.
Result<std::size_t> page_limit(const http::Query& query, std::size_t max);
/// What add_next_page() was given; empty on the first page. page_invalid.
Result<std::string> page_cursor(const http::Query& query);
tl::unexpected<Error> bad_cursor();

/// The same question again, with `cursor` for where it goes on.
void add_next_page(const Visit& visit, std::string_view cursor, http::Response& response);

}  // namespace modelkeep::hub
