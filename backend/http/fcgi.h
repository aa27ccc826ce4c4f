#pragma once
// The FastCGI loop: N threads on one listening socket that others may share, and on the connections
// that came by it.
#include <cstddef>
#include <functional>
#include <limits>
#include <stop_token>

#include "base/result.h"
#include "http/request.h"
#include "http/response.h"

namespace modelkeep::http {

/// Answers one request; called by one thread only, so it may own a database connection.
using Handler = std::function<Response(const Request&)>;

struct ServeOptions {
  int listen_fd = -1;  ///< Listening; borrowed. It is made non-blocking.
  int threads = 1;
  /// Of the threads, as many work at once while none of them is held up.
  int at_once = std::numeric_limits<int>::max();
  std::size_t body_bytes_max = 64 * 1024;
  /// From then on no connection is taken, and those there are are served until the other side
  /// closes them: a successor takes over without a request lost. `serve` returns when the last is
  /// closed.
  std::stop_token retire = {};
};

/// Serves until `stop` is requested: then no connection is taken any more, idle ones are closed,
/// and it returns when the requests in hand are answered. `make_handler` runs once in each thread.
/// Fails only when no thread could start.
Result<> serve(const ServeOptions& options, const std::function<Handler()>& make_handler,
               std::stop_token stop);

}  // namespace modelkeep::http
