#pragma once
// From a request to its answer: rules for browsers, route, scope, caller, handler, and one usage
// event that is in the journal before the answer leaves. One Api a process, any thread; one
// ThreadContext a thread.
#include <optional>
#include <string>
#include <vector>

#include "api/kept_answers.h"
#include "api/route.h"
#include "api/services.h"
#include "http/fcgi.h"
#include "http/path.h"
#include "http/pattern.h"
#include "http/request.h"
#include "http/response.h"
#include "sqlite/connection.h"

namespace modelkeep::api {

/// All that a thread keeps from one request to the next: its database connection, and what it read
/// there.
class ThreadContext {
 public:
  /// Opens at first use and again after a failure, so a database that comes back is used without a
  /// restart.
  Result<sqlite::Connection*> database(const catalog::StatePaths& paths);

  KeptAnswers& pages() { return pages_; }

 private:
  static constexpr std::size_t kPagesBytes = 1 << 20;  // Some thirty pages of fifty models.

  std::optional<sqlite::Connection> connection_;
  KeptAnswers pages_{kPagesBytes};
};

/// Every route of the API, for dispatch and for the test that compares them with docs/openapi.json.
std::vector<Route> all_routes();

class Api {
 public:
  explicit Api(Services services);

  /// Never fails: an error is an answer too.
  http::Response handle(const http::Request& request, ThreadContext& thread) const;

 private:
  struct Entry {
    Route route;
    http::Pattern pattern;
  };
  Result<http::Response> answer(Call& call) const;
  /// route_not_found, or method_not_allowed with call.allow filled in.
  Result<const Entry*> find_entry(Call& call, const http::Path& path) const;

  Services services_;
  std::vector<Entry> entries_;
};

/// What one thread of http::serve runs: `api` with a ThreadContext of its own. `api` must outlive
/// it.
http::Handler thread_handler(const Api& api);

}  // namespace modelkeep::api
