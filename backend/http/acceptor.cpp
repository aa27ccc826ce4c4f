#include "http/acceptor.h"

#include <cerrno>
#include <cstring>

#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"

namespace modelkeep::http {
namespace {

// Out of descriptors or memory: asking again at once would only burn the processor.
constexpr int kPauseMs = 50;

bool is_passing(int error_number) {
  return error_number == EAGAIN || error_number == EINTR || error_number == ECONNABORTED;
}

}  // namespace

Result<Acceptor> Acceptor::create(int listen_fd, int stop_fd) {
  Fd epoll{epoll_create1(EPOLL_CLOEXEC)};
  epoll_event stop_event{};
  stop_event.events = EPOLLIN;
  stop_event.data.fd = stop_fd;
  // Exclusive: one waiting thread wakes for a connection, not all of them in all processes.
  epoll_event listen_event{};
  listen_event.events = EPOLLIN | EPOLLEXCLUSIVE;
  listen_event.data.fd = listen_fd;
  if (!epoll || epoll_ctl(epoll.get(), EPOLL_CTL_ADD, stop_fd, &stop_event) != 0 ||
      epoll_ctl(epoll.get(), EPOLL_CTL_ADD, listen_fd, &listen_event) != 0) {
    return fail(ErrorKind::internal, codes::internal_error, "The server cannot take connections.",
                std::string{"epoll: "} + std::strerror(errno));
  }
  return Acceptor{std::move(epoll), listen_fd};
}

Fd Acceptor::next() {
  while (true) {
    epoll_event event{};
    const int ready = epoll_wait(epoll_.get(), &event, 1, -1);
    if (ready < 1) continue;  // A signal.
    if (event.data.fd != listen_fd_) return Fd{};
    Fd connection{accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC)};
    if (connection) return connection;
    if (is_passing(errno)) continue;
    log::warn("connection.refused", {{"cause", std::strerror(errno)}});
    system_clock().sleep_ms(kPauseMs);
  }
}

}  // namespace modelkeep::http
