#pragma once
// One HTTP exchange as the client needs it. Send is a function so that tests can answer in the
// place of a server; http_sender makes the real one.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace modelkeep::cli {

struct HttpRequest {
  std::string method;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string token;  ///< Goes to this host only; empty for none.
  std::string body;
};

struct HttpAnswer {
  int status = 0;
  std::string content_type;
  std::string location;
  std::string body;
};

using Send = std::function<Result<HttpAnswer>(const HttpRequest& request)>;

/// Speaks HTTP over net/, follows no redirect. Errors: server_unreachable when no answer came;
/// answer_invalid when what came is not HTTP, or is longer than any answer of the API.
Result<Send> http_sender(const std::string& user_agent);

}  // namespace modelkeep::cli
