#include "http/problem.h"

#include <array>
#include <cctype>

#include "base/text.h"

namespace modelkeep::http {
namespace {

constexpr std::string_view kRetryAfterSeconds = "2";
constexpr std::string_view kQueueRetryAfterSeconds = "30";
/// Messages echo input; this bounds the whole sentence, the handlers bound what they echo.
constexpr std::size_t kMessageBytesMax = 500;

struct OwnStatus {
  std::string_view code;
  int status;
};
// Codes whose status says more than their kind does.
constexpr std::array kOwnStatus{
    OwnStatus{codes::method_not_allowed, 405},
    OwnStatus{codes::length_required, 411},
    OwnStatus{codes::etag_mismatch, 412},
    OwnStatus{codes::media_type_unsupported, 415},
    OwnStatus{codes::host_unknown, 421},
    OwnStatus{codes::queue_full, 429},
    OwnStatus{codes::database_damaged, 503},
    // A repo that the Hub shows to nobody: who asks us has done nothing wrong with us.
    OwnStatus{codes::upstream_auth_required, 404},
    // What upstream sent cannot be used.
    OwnStatus{codes::upstream_invalid, 502},
    OwnStatus{codes::upstream_manifest_rejected, 502},
    OwnStatus{codes::upstream_path_rejected, 502},
    OwnStatus{codes::upstream_token_invalid, 502},
    OwnStatus{codes::upstream_redirect_refused, 502},
    // Whether it exists nobody can say now; a 404 would be taken for a verdict.
    OwnStatus{codes::upstream_unreachable, 504},
};

int status_of_kind(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return 400;
    case ErrorKind::unauthenticated:
      return 401;
    case ErrorKind::forbidden:
      return 403;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::conflict:
      return 409;
    case ErrorKind::too_large:
      return 413;
    case ErrorKind::no_space:
      return 507;
    case ErrorKind::unavailable:
      return 503;
    case ErrorKind::corrupt:
    case ErrorKind::internal:
      break;
  }
  return 500;
}

// "repo_id_invalid" as "Repo id invalid".
std::string title_of(std::string_view code) {
  std::string title{code};
  for (char& c : title) {
    if (c == '_') c = ' ';
  }
  if (!title.empty())
    title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
  return title;
}

}  // namespace

int status_of(const Error& error) {
  for (const OwnStatus& own : kOwnStatus) {
    if (own.code == error.code) return own.status;
  }
  return status_of_kind(error.kind);
}

void write_problem_members(json::Writer& out, const Error& error, std::string_view request_id) {
  const std::string_view message = clipped(error.message, kMessageBytesMax);
  out.member("success", false)
      .member("error", message)
      .member("code", error.code)
      .member("type", "/problems/" + std::string{error.code})
      .member("title", title_of(error.code))
      .member("status", status_of(error))
      .member("detail", message)
      .member("request_id", request_id);
}

Response problem(const Error& error, std::string_view request_id) {
  json::Writer out;
  out.begin_object();
  write_problem_members(out, error, request_id);
  out.end_object();
  Response response = json_response(out.take(), status_of(error));
  response.content_type = kProblemType;
  if (response.status == 503 || response.status == 504)
    response.headers.push_back({"Retry-After", std::string{kRetryAfterSeconds}});
  if (response.status == 429) {
    response.headers.push_back({"Retry-After", std::string{kQueueRetryAfterSeconds}});
  }
  if (response.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

}  // namespace modelkeep::http
