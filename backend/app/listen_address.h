#pragma once
// An address to listen on, as "127.0.0.1:5000", "[::1]:5000", ":5000" or "0.0.0.0:5000". Only
// literals: a name could resolve to something else tomorrow, and what is open to whom must be read
// off the setting.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "base/result.h"

namespace modelkeep::app {

struct ListenAddress {
  std::string host;  ///< A literal without brackets; "0.0.0.0" when the text had none.
  std::uint16_t port = 0;
  bool ipv6 = false;

  /// As nginx's `listen` and a URL take it.
  std::string text() const;
  /// Only this machine can reach it.
  bool is_loopback() const;
  /// Every address of this machine.
  bool is_any() const;
  /// What a person opens: an any-address is shown as this machine's own.
  std::string url() const;
};

Result<ListenAddress> parse_listen_address(std::string_view text);

/// A bound, listening TCP socket. `setting_invalid` with the reason a person needs: taken, not
/// allowed, not here.
Result<Fd> listen_on(const ListenAddress& address);

/// True when a connection to `host:port` would end at `address`. Resolves the name only when the
/// ports are equal.
bool leads_to(std::string_view host, std::uint16_t port, const ListenAddress& address);

}  // namespace modelkeep::app
