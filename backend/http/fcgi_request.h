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

/// The pieces of the same for a body that is sent by itself: the head, the beginning of a record,
/// and the end of the request.
void append_head(const Response& response, std::string_view request_id, int id, std::string& out);
void append_body_record_header(int id, std::size_t bytes, std::string& out);
void append_end(int id, std::string& out);
inline constexpr std::size_t kBodyRecordBytesMax = 65528;

}  // namespace modelkeep::http
