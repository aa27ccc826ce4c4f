#include "http/arrivals.h"

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

namespace modelkeep::http {
namespace {

// Out of descriptors or memory: asking again at once would only burn the processor.
constexpr int kPauseMs = 50;
// One thread takes what has arrived; nobody else hears of the connection until it is given back.
constexpr unsigned kOnce = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT;
// One process wakes for a new connection, not all that share the socket.
constexpr unsigned kShared = EPOLLIN | EPOLLEXCLUSIVE;

bool is_passing(int error_number) {
  return error_number == EAGAIN || error_number == EINTR || error_number == ECONNABORTED;
}

}  // namespace

Result<std::unique_ptr<Arrivals>> Arrivals::create(int listen_fd) {
  Fd epoll{epoll_create1(EPOLL_CLOEXEC)};
  Fd all_over{eventfd(0, EFD_CLOEXEC)};
  auto arrivals = std::make_unique<Arrivals>(listen_fd, std::move(epoll), std::move(all_over));
  Arrivals& made = *arrivals;
  if (!made.epoll_ || !made.all_over_ ||
      !made.watch(EPOLL_CTL_ADD, made.all_over_.get(), EPOLLIN, &made.all_over_) ||
      !made.watch(EPOLL_CTL_ADD, listen_fd, kShared, &made.listen_fd_)) {
    return fail(ErrorKind::internal, codes::internal_error, "The server cannot take connections.",
                std::string{"epoll: "} + std::strerror(errno));
  }
  return arrivals;
}

bool Arrivals::watch(int operation, int fd, unsigned events, void* what) const {
  epoll_event event{};
  event.events = events;
  event.data.ptr = what;
  return epoll_ctl(epoll_.get(), operation, fd, &event) == 0;
}

Connection* Arrivals::next() {
  while (true) {
    epoll_event event{};
    if (epoll_wait(epoll_.get(), &event, 1, -1) < 1) continue;  // A signal.
    if (event.data.ptr == &all_over_) return nullptr;
    if (event.data.ptr == &listen_fd_) {
      accept_one();
      continue;
    }
    auto* connection = static_cast<Connection*>(event.data.ptr);
    connection->end_wait();
    return connection;
  }
}

void Arrivals::accept_one() {
  const int error_number = open_.with([&](Open& open) {
    if (!open.takes_more) return 0;
    Fd accepted{accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC)};
    if (!accepted) return errno;
    Connection& connection = open.connections.emplace_back(std::move(accepted));
    connection.begin_wait();
    if (!watch(EPOLL_CTL_ADD, connection.fd(), kOnce, &connection)) {
      open.connections.pop_back();
      return errno;
    }
    // Behind the other processes that wait at the socket, so that they take turns.
    watch(EPOLL_CTL_DEL, listen_fd_, 0, nullptr);
    watch(EPOLL_CTL_ADD, listen_fd_, kShared, &listen_fd_);
    return 0;
  });
  if (error_number == 0 || is_passing(error_number)) return;
  log::warn("connection.refused", {{"cause", std::strerror(error_number)}});
  system_clock().sleep_ms(kPauseMs);
}

void Arrivals::wait_for_more(Connection& connection) {
  const int fd = connection.fd();
  connection.begin_wait();
  // Asked after begin_wait(), as end() sets it before it looks who waits: one of the two ends it.
  if (ends_) shutdown(fd, SHUT_RD);
  if (!watch(EPOLL_CTL_MOD, fd, kOnce, &connection)) over(connection);
}

void Arrivals::over(Connection& connection) {
  open_.with([&](Open& open) {
    open.connections.remove_if([&](const Connection& one) { return &one == &connection; });
    if (!open.takes_more && open.connections.empty()) tell_all_over();
  });
}

void Arrivals::take_no_more() {
  open_.with([&](Open& open) {
    if (!open.takes_more) return;
    open.takes_more = false;
    watch(EPOLL_CTL_DEL, listen_fd_, 0, nullptr);
    if (open.connections.empty()) tell_all_over();
  });
}

void Arrivals::end() {
  take_no_more();
  ends_ = true;
  open_.with([](Open& open) {
    for (Connection& connection : open.connections) connection.end_waiting();
  });
}

// Stays readable, so that it wakes every thread.
void Arrivals::tell_all_over() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(all_over_.get(), &one, sizeof one);
}

}  // namespace modelkeep::http
