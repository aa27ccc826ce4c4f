#include "tests/support/raw_server.h"

#include <array>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/check.h"

namespace modelkeep {

RawServer::RawServer(Answer answer, int address)
    : answer_(std::move(answer)), host_("127.0.0." + std::to_string(address)) {
  listener_ = Fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in where{};
  where.sin_family = AF_INET;
  inet_pton(AF_INET, host_.c_str(), &where.sin_addr);
  CHECK(bind(listener_.get(), reinterpret_cast<sockaddr*>(&where), sizeof where) == 0);
  CHECK(listen(listener_.get(), 64) == 0);
  socklen_t size = sizeof where;
  CHECK(getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&where), &size) == 0);
  port_ = ntohs(where.sin_port);
  thread_ = std::jthread([this] { serve(); });
}

RawServer::~RawServer() {
  // Wakes accept().
  shutdown(listener_.get(), SHUT_RDWR);
}

std::string RawServer::url() const {
  return "http://" + host_ + ":" + std::to_string(port_);
}

std::vector<std::string> RawServer::requests() {
  return requests_.with([](auto& all) { return all; });
}

void RawServer::serve() {
  while (true) {
    Fd connection(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection) return;
    answer_one(std::move(connection));
  }
}

void RawServer::answer_one(Fd connection) {
  std::string request;
  std::array<char, 4096> chunk{};
  while (request.find("\r\n\r\n") == std::string::npos) {
    const auto got = recv(connection.get(), chunk.data(), chunk.size(), 0);
    if (got <= 0) return;
    request.append(chunk.data(), static_cast<std::size_t>(got));
  }
  requests_.with([&](auto& all) { all.push_back(request); });
  std::string answer = answer_(request);
  const bool silence = answer.ends_with(kThenSilence);
  if (silence) answer.resize(answer.size() - kThenSilence.size());
  std::string_view left = answer;
  while (!left.empty()) {
    const auto sent = send(connection.get(), left.data(), left.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
  if (silence) silent_.push_back(std::move(connection));
}

}  // namespace modelkeep
