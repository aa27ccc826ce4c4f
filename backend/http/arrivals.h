#pragma once
// What arrives at a worker process: new connections, and requests on those it keeps. Its threads
// wait here together, so a kept connection that is idle holds none of them, and a thread that has
// answered goes on with the next request that is there already instead of waking another.
#include <atomic>
#include <list>
#include <memory>

#include "base/fd.h"
#include "base/guarded.h"
#include "base/result.h"
#include "http/connection.h"

namespace modelkeep::http {

/// Any number of threads.
class Arrivals {
 public:
  /// `listen_fd` is borrowed, non-blocking, and may be shared with other processes.
  static Result<std::unique_ptr<Arrivals>> create(int listen_fd);
  /// For create(), which watches what it opened.
  Arrivals(int listen_fd, Fd epoll, Fd all_over)
      : listen_fd_(listen_fd), epoll_(std::move(epoll)), all_over_(std::move(all_over)) {}

  /// Waits for a connection on which something has arrived, the caller's alone until it gives it
  /// back by wait_for_more() or over(). Null when no connection is taken any more and the last one
  /// is over.
  Connection* next();

  void wait_for_more(Connection& connection);
  /// Closes the connection.
  void over(Connection& connection);

  /// From now on no connection is taken. Those there are go on until the other side closes them.
  void take_no_more();
  /// Also ends the connections that wait for a request, and each of the others after its answer.
  void end();

 private:
  bool watch(int operation, int fd, unsigned events, void* what) const;
  void accept_one();
  void tell_all_over() const;

  struct Open {
    std::list<Connection> connections;
    bool takes_more = true;
  };

  int listen_fd_;
  Fd epoll_;
  Fd all_over_;
  Guarded<Open> open_;
  std::atomic<bool> ends_ = false;
};

}  // namespace modelkeep::http
