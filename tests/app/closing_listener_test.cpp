#include "app/closing_listener.h"

#include <cerrno>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"

namespace modelkeep::app {
namespace {

struct Listener {
  Fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};

  Listener() {
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(fd.get(), 16), 0);
    EXPECT_EQ(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  }

  /// Not blocking: 0, or EINPROGRESS while nobody answers.
  int connect(const Fd& client) const {
    const auto* to = reinterpret_cast<const sockaddr*>(&address);
    return ::connect(client.get(), to, sizeof address) == 0 ? 0 : errno;
  }
};

Fd client_socket() {
  return Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

TEST(ClosingListener, keeps_who_came_and_takes_nobody_new) {
  const Listener listener;
  EXPECT_FALSE(has_waiting_connections(listener.fd.get()));
  const Fd early = client_socket();
  listener.connect(early);
  EXPECT_TRUE(has_waiting_connections(listener.fd.get()));
  take_no_newcomers(listener.fd.get());
  const Fd late = client_socket();
  EXPECT_EQ(listener.connect(late), EINPROGRESS);
  // The early one is whole: what it sends arrives.
  ASSERT_EQ(::send(early.get(), "x", 1, 0), 1);
  const Fd accepted(::accept4(listener.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
  ASSERT_TRUE(accepted);
  char received = 0;
  EXPECT_EQ(::recv(accepted.get(), &received, 1, 0), 1);
  EXPECT_EQ(received, 'x');
  EXPECT_FALSE(has_waiting_connections(listener.fd.get()));
}

}  // namespace
}  // namespace modelkeep::app
