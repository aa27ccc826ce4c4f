#pragma once
// Four listening ports and a thread for each connection, at most kConnectionsMax of them. Knows no
// HTTP.
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "base/fd.h"
#include "base/result.h"
#include "tests/hub/message.h"
#include "tests/hub/peer.h"

namespace modelkeep::standin {

class Server {
 private:
  struct OnlyListen {};  // Lets make_unique in, and nobody else.

 public:
  explicit Server(OnlyListen) {}
  static constexpr std::size_t kConnectionsMax = 1024;
  static constexpr std::size_t kPorts = 4;
  /// Serves one connection until it is over; called on a thread of its own.
  using Serve = std::function<void(Port, Peer&)>;

  /// Listens on `address`; a port of 0 takes a free one. Nothing is accepted before run().
  static Result<std::unique_ptr<Server>> listen(const std::string& address,
                                                std::array<std::uint16_t, kPorts> ports);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port(Port port) const { return ports_.at(static_cast<std::size_t>(port)); }
  void run(Serve serve);
  /// Ends every connection and waits for its thread.
  void stop();

 private:
  struct Connection {
    std::atomic<bool> over = false;
    std::jthread thread;
  };
  void accept_until_stopped();
  void take(Port port, Fd socket);

  std::array<Fd, kPorts> listeners_;
  std::array<std::uint16_t, kPorts> ports_{};
  Fd stop_;
  Serve serve_;
  std::list<Connection> connections_;  // Touched by the accepting thread alone until it has ended.
  std::jthread acceptor_;
};

}  // namespace modelkeep::standin
