#pragma once
// Between libfcgi's parameters and a Request, and between a Response and FastCGI records. Used by
// fcgi.cpp.
#include <cstddef>
#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace modelkeep::http {

/// Reads `NAME=value` entries until a null. One walk serves every header and finds those that stand
/// twice, of which FCGX_GetParam would silently return the first.
Request request_from_parameters(const char* const* parameters);

/// Appends `response` for FastCGI request `id` to `out`: STDOUT records and the end of the request,
/// so that one write sends it all.
void append_records(const Response& response, std::string_view request_id, int id,
                    std::string& out);

}  // namespace modelkeep::http
