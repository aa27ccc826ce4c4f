#include "app/listen_address.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/handle.h"
#include "base/text.h"

namespace modelkeep::app {
namespace {

constexpr int kBacklog = 511;

/// A socket address big enough for both families.
struct Endpoint {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Endpoint endpoint_of(const ListenAddress& address) {
  Endpoint endpoint;
  if (address.ipv6) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    inet_pton(AF_INET6, address.host.c_str(), &v6.sin6_addr);
    std::memcpy(&endpoint.storage, &v6, sizeof v6);
    endpoint.size = sizeof v6;
  } else {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port);
    inet_pton(AF_INET, address.host.c_str(), &v4.sin_addr);
    std::memcpy(&endpoint.storage, &v4, sizeof v4);
    endpoint.size = sizeof v4;
  }
  return endpoint;
}

std::optional<ListenAddress> with_literal(const std::string& host, std::uint16_t port) {
  unsigned char bytes[sizeof(in6_addr)];
  if (inet_pton(AF_INET, host.c_str(), bytes) == 1) return ListenAddress{host, port, false};
  if (inet_pton(AF_INET6, host.c_str(), bytes) == 1) return ListenAddress{host, port, true};
  return std::nullopt;
}

tl::unexpected<Error> not_an_address(std::string_view text) {
  return fail(ErrorKind::invalid, codes::setting_invalid,
              "\"" + std::string(clipped(text, 100)) +
                  "\" is not an address to listen on; write it as 127.0.0.1:5000 or [::1]:5000.");
}

}  // namespace

std::string ListenAddress::text() const {
  const std::string shown = ipv6 ? "[" + host + "]" : host;
  return shown + ":" + std::to_string(port);
}

bool ListenAddress::is_loopback() const {
  if (ipv6) return host == "::1";
  return host.starts_with("127.");
}

bool ListenAddress::is_any() const {
  return host == "0.0.0.0" || host == "::";
}

std::string ListenAddress::url() const {
  if (!is_any()) return "http://" + text();
  return "http://localhost:" + std::to_string(port);
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return not_an_address(text);
  const auto port = parse_decimal(text.substr(colon + 1));
  if (!port || *port == 0 || *port > 65535) return not_an_address(text);
  std::string host(text.substr(0, colon));
  if (host.empty()) host = "0.0.0.0";
  if (host == "localhost") host = "127.0.0.1";
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (host.find(':') == std::string::npos) return not_an_address(text);
  } else if (host.find(':') != std::string::npos) {
    return not_an_address(text);  // An IPv6 address without brackets: which colon begins the port?
  }
  auto address = with_literal(host, static_cast<std::uint16_t>(*port));
  if (!address) return not_an_address(text);
  return *address;
}

Result<Fd> listen_on(const ListenAddress& address) {
  const Endpoint endpoint = endpoint_of(address);
  Fd socket(::socket(endpoint.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  if (socket && address.ipv6) {
    setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  }
  if (socket) setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (socket && ::bind(socket.get(), endpoint.get(), endpoint.size) == 0 &&
      ::listen(socket.get(), kBacklog) == 0) {
    return socket;
  }
  const int cause = errno;
  std::string reason = std::strerror(cause);
  if (cause == EADDRINUSE) reason = "another program listens there already";
  if (cause == EACCES) reason = "ports below 1024 need root";
  if (cause == EADDRNOTAVAIL) reason = "it is not an address of this machine";
  return fail(ErrorKind::invalid, codes::setting_invalid,
              "cannot listen on " + address.text() + ": " + reason + "; set MODELKEEP_LISTEN.");
}

bool leads_to(std::string_view host, std::uint16_t port, const ListenAddress& address) {
  if (port != address.port) return false;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(std::string(host).c_str(), nullptr, &hints, &found) != 0) return false;
  const Handle<addrinfo, freeaddrinfo> answers(found);
  for (const addrinfo* answer = answers.get(); answer != nullptr; answer = answer->ai_next) {
    char literal[INET6_ADDRSTRLEN] = {};
    getnameinfo(answer->ai_addr, answer->ai_addrlen, literal, sizeof literal, nullptr, 0,
                NI_NUMERICHOST);
    if (address.host == literal) return true;
    if (!address.is_any() || (answer->ai_family == AF_INET6) != address.ipv6) continue;
    // Whoever can bind an address owns it: an any-address is reached by all of those.
    auto probe = with_literal(literal, 0);
    if (!probe) continue;
    const Endpoint endpoint = endpoint_of(*probe);
    const Fd socket(::socket(answer->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket && ::bind(socket.get(), endpoint.get(), endpoint.size) == 0) return true;
  }
  return false;
}

}  // namespace modelkeep::app
