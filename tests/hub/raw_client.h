#pragma once
// An HTTP client that hides nothing: one request on one connection, what came back, and how it
// ended. For the tests of the stand-in, which are about exact bytes.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace modelkeep::standin {

struct RawAnswer {
  int status = 0;  ///< 0 when no status line came.
  std::string head;
  std::string body;  ///< All bytes after the head, until the end.
  bool was_reset = false;
  bool timed_out = false;

  /// The first header of this name, in any case; empty when there is none.
  std::string header(std::string_view name) const;
};

using RequestHeaders = std::vector<std::pair<std::string, std::string>>;

/// Connects to the host and port of `url` and asks for its path. Gives up after `timeout_ms`
/// without a byte.
RawAnswer ask(const std::string& method, const std::string& url, const RequestHeaders& headers = {},
              const std::string& body = {}, int timeout_ms = 5000);
/// Sends `bytes` as they are; the answer's body is all that follows the first head.
RawAnswer exchange_raw(const std::string& url, const std::string& bytes);
inline RawAnswer get(const std::string& url, const RequestHeaders& headers = {}) {
  return ask("GET", url, headers);
}
/// Follows redirects, relative and absolute, at most ten; drops Authorization when the host or port
/// changes.
RawAnswer follow(const std::string& url, RequestHeaders headers = {});

}  // namespace modelkeep::standin
