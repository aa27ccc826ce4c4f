#pragma once
// One answer. fcgi.cpp adds X-Request-Id and turns it into bytes.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace modelkeep::http {

inline constexpr std::string_view kJsonType = "application/json";
inline constexpr std::string_view kProblemType = "application/problem+json";

class BodySink;

struct Header {
  std::string_view name;  ///< A literal.
  std::string value;      ///< CR and LF are taken out when it is written.
};

struct Response {
  int status = 200;
  std::string_view content_type = kJsonType;  ///< A literal; empty sends none.
  std::vector<Header> headers;
  std::string body;
  /// Of a body that is not sent, as on HEAD; else it is the body's.
  std::optional<std::int64_t> content_length = {};
  /// Sends a body that does not come out of memory, after the head, as many bytes as
  /// `content_length` says. False breaks the connection, so that nobody takes a part for the whole.
  std::function<bool(BodySink&)> send_body = {};
};

inline Response json_response(std::string body, int status = 200) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

}  // namespace modelkeep::http
