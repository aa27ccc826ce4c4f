#pragma once
// One FastCGI connection from nginx, spoken by libfcgi: a request at a time, kept open between
// them.
#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

#include <fcgiapp.h>

#include "base/fd.h"
#include "http/fcgi.h"

namespace modelkeep::http {

/// Of one thread, used for request after request.
struct Buffers {
  std::string body;
  std::string out;
};

/// Used by one thread at a time, but for end_waiting().
class Connection {
 public:
  explicit Connection(Fd accepted);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  int fd() const { return fcgx_.ipcFd; }

  /// Reads a request and answers it. False when the connection is over.
  bool serve_one(const Handler& handler, std::size_t body_bytes_max, Buffers& buffers);

  /// Between these two, nobody reads: end_waiting() may end the connection. Whoever ends the wait
  /// sees what the thread did that began it.
  void begin_wait() { waiting_ = true; }
  void end_wait() { waiting_.exchange(false); }

  /// Any thread. A connection that waits for its next request becomes readable and ends; a request
  /// that had already arrived is still answered.
  void end_waiting();

 private:
  Response answer_as_it_comes(const Handler& handler, Request& request);
  bool send(const Response& response, std::string_view request_id, std::string& out);
  bool read_body(std::size_t body_bytes_max, std::string& body, bool& too_large);

  FCGX_Request fcgx_;
  std::atomic<bool> waiting_ = false;
};

}  // namespace modelkeep::http
