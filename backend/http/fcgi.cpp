#include "http/fcgi.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <fcgiapp.h>
#include <fcntl.h>

#include "base/log.h"
#include "http/arrivals.h"
#include "http/turns.h"

namespace modelkeep::http {
namespace {

void serve_arrivals(Arrivals& arrivals, Turns& turns, int thread, const Handler& handler,
                    std::size_t body_bytes_max) {
  Buffers buffers;
  while (turns.take(thread)) {
    Connection* connection = arrivals.next();
    if (connection == nullptr) return turns.end();
    turns.begin(thread);
    if (connection->serve_one(handler, body_bytes_max, buffers)) {
      arrivals.wait_for_more(*connection);
    } else {
      arrivals.over(*connection);
    }
    turns.done(thread);
  }
}

// Where a connection ends inside libfcgi it would wait two seconds for the peer to close as well.
void end_connections_at_once() {
  setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "0", 0);
}

Error start_failure(std::string cause) {
  return {ErrorKind::internal, codes::internal_error, "The server cannot start.", std::move(cause)};
}

}  // namespace

Result<> serve(const ServeOptions& options, const std::function<Handler()>& make_handler,
               std::stop_token stop) {
  end_connections_at_once();
  const int flags = fcntl(options.listen_fd, F_GETFL);
  if (flags < 0 || fcntl(options.listen_fd, F_SETFL, flags | O_NONBLOCK) != 0 || FCGX_Init() != 0) {
    return tl::unexpected{start_failure(std::system_category().message(errno))};
  }
  const std::unique_ptr<Arrivals> arrivals = TRY(Arrivals::create(options.listen_fd));
  Turns turns(options.threads, std::min(options.at_once, options.threads));
  std::vector<std::jthread> threads;
  for (int i = 0; i < options.threads; ++i) {
    try {
      threads.emplace_back([&options, &make_handler, &arrivals = *arrivals, &turns, i] {
        serve_arrivals(arrivals, turns, i, make_handler(), options.body_bytes_max);
      });
    } catch (const std::system_error&
                 error) {  // The process may have no more threads; those there serve on.
      log::warn("thread.failed", {{"cause", error.what()}});
      break;
    }
  }
  if (threads.empty()) return tl::unexpected{start_failure("no thread could start")};
  const std::stop_callback on_retire{options.retire, [&] { arrivals->take_no_more(); }};
  const std::stop_callback on_stop{stop, [&] { arrivals->end(); }};
  turns.watch();
  for (std::jthread& thread : threads) thread.join();
  return {};
}

}  // namespace modelkeep::http
