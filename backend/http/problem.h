#pragma once
// An Error as an answer (RFC 9457, with the members success, error and code). The only place where
// a kind becomes a status.
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "http/response.h"

namespace modelkeep::http {

int status_of(const Error& error);

/// The members of a problem, for an answer that adds its own; the caller opens and closes the
/// object.
void write_problem_members(json::Writer& out, const Error& error, std::string_view request_id);

/// The whole answer; Retry-After where trying again makes sense. `error.cause` stays out of it.
Response problem(const Error& error, std::string_view request_id);

}  // namespace modelkeep::http
