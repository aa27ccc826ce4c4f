#pragma once
// One request as nginx handed it over. Every view points into the FastCGI parameters or into the
// thread's body buffer and dies with the request; handlers copy what they keep. Nothing in it is
// trusted but the address, the request id and the lengths, which nginx made itself.
#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

namespace modelkeep::http {

struct Request {
  std::string_view method;
  std::string_view target;  ///< REQUEST_URI: path and query as the client sent them, never decoded.
  std::string_view remote_address;
  std::string_view request_id;

  std::string_view host;
  std::string_view origin;
  std::string_view sec_fetch_site;
  std::string_view content_type;
  std::string_view authorization;
  std::string_view username;  ///< X-Username, percent-encoded where it is not ASCII.
  std::string_view if_match;
  std::string_view if_none_match;
  std::string_view range;
  std::string_view if_range;
  std::string_view user_agent;
  std::string_view
      forwarded_scheme;     ///< X-Forwarded-Proto; to be believed of trusted proxies only.
  std::string_view scheme;  ///< Of the connection to nginx.
  std::string_view door;    ///< "root" on the listener that is the hub door alone.
  /// The caller came through a proxy that says so (Forwarded or X-Forwarded-For).
  bool forwarded = false;
  /// Name of a header that may stand once and stands twice; empty when there is none.
  std::string_view repeated_header;

  std::string_view body;
  /// Set in place of `body` where nginx passes a body on as it comes: fills the span as far as it
  /// can; 0 at the end, negative when the client is gone.
  const std::function<std::ptrdiff_t(std::span<char>)>* more_body = nullptr;
  std::string_view passes_body;     ///< "as-it-comes" there.
  std::string_view content_length;  ///< As the client says; empty where it does not.
  bool body_too_large = false;      ///< The body was longer than the limit; `body` is empty.
};

}  // namespace modelkeep::http
