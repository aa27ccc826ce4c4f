#include "tests/hub/raw_client.h"

#include <array>
#include <cerrno>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/fd.h"
#include "base/text.h"

namespace modelkeep::standin {
namespace {

constexpr std::size_t kReceivedMax = 24U << 20U;  // Enough to see that an answer is endless.

struct Place {
  std::string host;
  std::uint16_t port = 80;
  std::string target;
  std::string origin() const { return host + ':' + std::to_string(port); }
};

// Only what the stand-in itself prints: http, an IPv4 address, a port.
Place place_of(const std::string& url) {
  const std::string rest = url.substr(7);
  const auto slash = rest.find('/');
  const std::string origin = rest.substr(0, slash);
  const auto colon = origin.find(':');
  Place place{origin.substr(0, colon), 80, slash == std::string::npos ? "/" : rest.substr(slash)};
  if (colon != std::string::npos) {
    place.port = static_cast<std::uint16_t>(std::atoi(origin.c_str() + colon + 1));
  }
  return place;
}

Fd connect_to(const Place& place) {
  Fd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(place.port);
  inet_pton(AF_INET, place.host.c_str(), &at.sin_addr);
  if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) return {};
  return socket;
}

std::size_t expected_body(const RawAnswer& answer) {
  const std::string length = answer.header("content-length");
  return length.empty() ? SIZE_MAX : std::strtoull(length.c_str(), nullptr, 10);
}

void split_head(std::string& received, RawAnswer& answer) {
  if (!answer.head.empty()) return;
  const auto end = received.find("\r\n\r\n");
  if (end == std::string::npos) return;
  answer.head = received.substr(0, end + 2);
  answer.status = std::atoi(answer.head.substr(9, 3).c_str());
  received.erase(0, end + 4);
}

void receive(const Fd& socket, bool is_head, int timeout_ms, RawAnswer& answer) {
  std::string received;
  std::array<char, 65536> buffer{};
  while (true) {
    pollfd wanted{socket.get(), POLLIN, 0};
    if (poll(&wanted, 1, timeout_ms) <= 0) {
      answer.timed_out = true;
      break;
    }
    const ssize_t n = recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (n < 0) answer.was_reset = errno == ECONNRESET;
    if (n <= 0) break;
    received.append(buffer.data(), static_cast<std::size_t>(n));
    split_head(received, answer);
    if (answer.head.empty()) continue;
    // `Connection: close` was asked for: what comes after Content-Length is of interest too.
    if (is_head && answer.header("connection") != "close") break;
    if (received.size() >= kReceivedMax) break;
  }
  answer.body = answer.head.empty() ? std::string{} : std::move(received);
  answer.timed_out = answer.timed_out && answer.body.size() < expected_body(answer);
}

}  // namespace

std::string RawAnswer::header(std::string_view name) const {
  for (std::string_view line : split(head, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !equals_ignoring_case(line.substr(0, colon), name)) {
      continue;
    }
    return std::string{trim(line.substr(colon + 1))};
  }
  return {};
}

RawAnswer ask(const std::string& method, const std::string& url, const RequestHeaders& headers,
              const std::string& body, int timeout_ms) {
  const Place place = place_of(url);
  RawAnswer answer;
  const Fd socket = connect_to(place);
  if (!socket) return answer;
  std::string request = method + ' ' + place.target + " HTTP/1.1\r\nHost: " + place.origin() +
                        "\r\nConnection: close\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  request += "\r\n" + body;
  if (send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return answer;
  receive(socket, method == "HEAD", timeout_ms, answer);
  return answer;
}

RawAnswer exchange_raw(const std::string& url, const std::string& bytes) {
  RawAnswer answer;
  const Fd socket = connect_to(place_of(url));
  if (!socket || send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) return answer;
  receive(socket, false, 5000, answer);
  return answer;
}

RawAnswer follow(const std::string& url, RequestHeaders headers) {
  std::string at = url;
  RawAnswer answer;
  for (int hop = 0; hop <= 10; ++hop) {
    answer = get(at, headers);
    const std::string location = answer.header("location");
    if (answer.status < 300 || answer.status > 399 || location.empty()) return answer;
    const std::string origin = place_of(at).origin();
    at = location.front() == '/' ? "http://" + origin + location : location;
    if (place_of(at).origin() != origin) {
      std::erase_if(headers, [](const auto& header) { return header.first == "Authorization"; });
    }
  }
  return answer;
}

}  // namespace modelkeep::standin
