#include "tests/hub/peer.h"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

namespace modelkeep::standin {
namespace {

constexpr std::size_t kReadBytes = 16 * 1024;
constexpr int kIdleMs = 120'000;
constexpr int kDrainTries = 500;

}  // namespace

Peer::Peer(Fd socket, int stop_fd) : socket_(std::move(socket)), stop_fd_(stop_fd) {
  const int on = 1;
  setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(socket_.get(), F_SETFL, fcntl(socket_.get(), F_GETFL) | O_NONBLOCK);
}

bool Peer::read_some(std::string& buffer) {
  std::array<pollfd, 2> wanted{pollfd{socket_.get(), POLLIN, 0}, pollfd{stop_fd_, POLLIN, 0}};
  if (poll(wanted.data(), wanted.size(), kIdleMs) <= 0 || wanted[1].revents != 0) return false;
  std::array<char, kReadBytes> chunk{};
  const ssize_t n = recv(socket_.get(), chunk.data(), chunk.size(), 0);
  if (n <= 0) return n < 0 && errno == EAGAIN;
  buffer.append(chunk.data(), static_cast<std::size_t>(n));
  return true;
}

bool Peer::wait_until_writable() {
  std::array<pollfd, 2> wanted{pollfd{socket_.get(), POLLOUT, 0}, pollfd{stop_fd_, POLLIN, 0}};
  return poll(wanted.data(), wanted.size(), kIdleMs) > 0 && wanted[1].revents == 0 &&
         (wanted[0].revents & (POLLERR | POLLHUP)) == 0;
}

// Asked before each piece: a reader that keeps up would otherwise never let an endless answer end.
bool Peer::is_stopping() const {
  pollfd stop{stop_fd_, POLLIN, 0};
  return poll(&stop, 1, 0) > 0;
}

bool Peer::write_all(std::string_view bytes) {
  if (is_stopping()) return false;
  while (!bytes.empty()) {
    const ssize_t n = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN) {
      if (!wait_until_writable()) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

std::size_t Peer::send_file(int file_fd, std::uint64_t offset, std::size_t size_bytes) {
  auto at = static_cast<off_t>(offset);
  std::size_t done = 0;
  if (is_stopping()) return done;
  while (done < size_bytes) {
    const ssize_t n = sendfile(socket_.get(), file_fd, &at, size_bytes - done);
    if (n > 0) {
      done += static_cast<std::size_t>(n);
    } else if (n < 0 && errno == EAGAIN) {
      if (!wait_until_writable()) break;
    } else if (n == 0 || errno != EINTR) {
      break;
    }
  }
  return done;
}

bool Peer::wait_ms(std::int64_t duration_ms) {
  if (duration_ms <= 0) return true;
  std::array<pollfd, 2> wanted{pollfd{socket_.get(), POLLRDHUP, 0}, pollfd{stop_fd_, POLLIN, 0}};
  return poll(wanted.data(), wanted.size(), static_cast<int>(duration_ms)) == 0;
}

void Peer::wait_for_the_end() {
  while (wait_ms(60'000)) {
  }
}

void Peer::reset() {
  // A reset throws away what still waits to be sent; let the promised bytes arrive first.
  for (int i = 0; i < kDrainTries; ++i) {
    int unsent = 0;
    if (ioctl(socket_.get(), SIOCOUTQ, &unsent) != 0 || unsent == 0 || !wait_ms(2)) break;
  }
  const linger at_once{1, 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_.reset();
}

}  // namespace modelkeep::standin
