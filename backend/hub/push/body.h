#pragma once
// A request's body, whether it was read before or comes as it is sent. For the .cpp files of this
// folder.
#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "base/result.h"
#include "http/request.h"

namespace modelkeep::hub {

/// To the end of the body. connection_lost when the client is gone before.
Result<> each_piece(const http::Request& request,
                    const std::function<Result<>(std::span<const char>)>& take);

/// All of it; body_too_large past `bytes_max`.
Result<std::string> whole_body(const http::Request& request, std::size_t bytes_max);

/// Line by line, without the ends; the last one needs none. body_too_large for a longer one.
Result<> each_line(const http::Request& request, std::size_t line_bytes_max,
                   const std::function<Result<>(std::string_view)>& take);

}  // namespace modelkeep::hub
