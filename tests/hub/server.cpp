#include "tests/hub/server.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

namespace modelkeep::standin {
namespace {

constexpr int kBacklog = 512;

tl::unexpected<Error> socket_error(std::string_view what) {
  return fail(ErrorKind::internal, codes::internal_error,
              "Cannot listen: " + std::string{what} + ": " + std::strerror(errno));
}

Result<Fd> listen_on(const std::string& address, std::uint16_t port) {
  Fd listener{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (!listener) return socket_error("socket");
  const int on = 1;
  setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  if (inet_pton(AF_INET, address.c_str(), &at.sin_addr) != 1) return socket_error(address);
  if (bind(listener.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) {
    return socket_error("bind to port " + std::to_string(port));
  }
  if (::listen(listener.get(), kBacklog) != 0) return socket_error("listen");
  return listener;
}

std::uint16_t bound_port(const Fd& listener) {
  sockaddr_in at{};
  socklen_t size = sizeof at;
  getsockname(listener.get(), reinterpret_cast<sockaddr*>(&at), &size);
  return ntohs(at.sin_port);
}

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(const std::string& address,
                                               std::array<std::uint16_t, kPorts> ports) {
  auto server = std::make_unique<Server>(OnlyListen{});
  for (std::size_t i = 0; i < kPorts; ++i) {
    server->listeners_.at(i) = TRY(listen_on(address, ports.at(i)));
    server->ports_.at(i) = bound_port(server->listeners_.at(i));
  }
  server->stop_ = Fd{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  if (!server->stop_) return socket_error("eventfd");
  return server;
}

Server::~Server() {
  stop();
}

void Server::run(Serve serve) {
  serve_ = std::move(serve);
  acceptor_ = std::jthread([this] { accept_until_stopped(); });
}

void Server::stop() {
  eventfd_write(stop_.get(), 1);
  if (acceptor_.joinable()) acceptor_.join();
  connections_.clear();
}

void Server::accept_until_stopped() {
  std::array<pollfd, kPorts + 1> wanted{};
  for (std::size_t i = 0; i < kPorts; ++i) wanted.at(i) = {listeners_.at(i).get(), POLLIN, 0};
  wanted[kPorts] = {stop_.get(), POLLIN, 0};
  while (poll(wanted.data(), wanted.size(), -1) > 0 || errno == EINTR) {
    if (wanted[kPorts].revents != 0) return;
    for (std::size_t i = 0; i < kPorts; ++i) {
      if (wanted.at(i).revents == 0) continue;
      Fd socket{accept4(listeners_.at(i).get(), nullptr, nullptr, SOCK_CLOEXEC)};
      if (socket) take(static_cast<Port>(i), std::move(socket));
    }
  }
}

void Server::take(Port port, Fd socket) {
  connections_.remove_if([](const Connection& connection) { return connection.over.load(); });
  if (connections_.size() >= kConnectionsMax) return;
  Connection& connection = connections_.emplace_back();
  connection.thread = std::jthread([this, port, &connection, socket = std::move(socket)]() mutable {
    {
      Peer peer(std::move(socket), stop_.get());
      serve_(port, peer);
    }
    connection.over = true;
  });
}

}  // namespace modelkeep::standin
