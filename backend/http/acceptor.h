#pragma once
// Takes connections from a listening socket that other threads and processes share, until told to
// stop. One for each thread.
#include "base/fd.h"
#include "base/result.h"

namespace modelkeep::http {

class Acceptor {
 public:
  /// Both descriptors are borrowed; `stop_fd` becomes readable when it is time to stop.
  static Result<Acceptor> create(int listen_fd, int stop_fd);

  /// Waits. An empty Fd means stop.
  Fd next();

 private:
  Acceptor(Fd epoll, int listen_fd) : epoll_(std::move(epoll)), listen_fd_(listen_fd) {}
  Fd epoll_;
  int listen_fd_;
};

}  // namespace modelkeep::http
