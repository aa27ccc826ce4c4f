#pragma once
// HTTP/1.1 as values: what was asked, and what is to be answered. Knows no repository and no
// socket.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/hub/manifest.h"

namespace modelkeep::standin {

/// Which listener a request came in by.
enum class Port : std::uint8_t {
  hub,
  cdn,   ///< Where signed URLs lead. No credential belongs here.
  sink,  ///< Nothing of ours leads here: whoever knocks followed a redirect that it should refuse.
  tls,   ///< A certificate that nobody should accept.
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  Port port = Port::hub;
  std::string method;
  std::string target;                          ///< As sent: encoded, with its query.
  std::map<std::string, std::string> headers;  ///< Names in lower case.
  std::string body;

  std::string_view header(const std::string& lower_name) const;
  std::string_view raw_path() const;
  std::string_view raw_query() const;
  /// All values of a query member, decoded; `+` is a space there, as forms have it.
  std::vector<std::string> query(std::string_view name) const;
  std::string query_or(std::string_view name, std::string fallback) const;
  bool wants_to_keep_alive() const;
};

/// Decoded `name=value&..` pairs, of a query or of a form body.
std::vector<std::pair<std::string, std::string>> parse_form(std::string_view text);

/// The head (request line and headers, without the empty line) of a request; nullopt when it is not
/// HTTP/1.1.
std::optional<Request> parse_head(std::string_view head);

/// A run of a file's bytes; keeps the file alive while it is sent.
struct FileRange {
  FilePtr file;
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
};

struct Answer {
  int status = 200;
  Headers headers;
  std::string body;
  std::optional<FileRange> range;  ///< Sent instead of the body.

  std::uint64_t size_bytes() const { return range ? range->size_bytes : body.size(); }
  Answer& set(std::string_view name, std::string value);
  Answer& unset(std::string_view name);
  const std::string* find(std::string_view name) const;
};

/// Status line and headers as they are set, with the empty line.
std::string head_text(const Answer& answer);

Answer json_answer(std::string body, int status = 200);
Answer text_answer(int status, std::string text);
/// 307 or 302; a `location` without host is relative, as the hub's own are.
Answer redirect_answer(int status, std::string location);

}  // namespace modelkeep::standin
