#pragma once
// Which addresses we may connect to. Asked with the resolved address at the moment of the connect,
// so a name that changes its mind between check and use gains nothing.
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <sys/socket.h>

#include "base/result.h"

namespace modelkeep::net {

enum class AddressClass : std::uint8_t {
  public_internet,
  loopback,
  rfc1918,
  carrier_shared,  // 100.64/10
  link_local,      // 169.254/16, fe80::/10: cloud metadata lives here
  unique_local,    // fc00::/7
  unspecified,     // 0/8, ::
  multicast,
  reserved,
};

/// 16 bytes; an IPv4 address is held in its v4-mapped form.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool operator==(const Address&) const = default;
};

struct Cidr {
  Address network{};
  int prefix_bits = 128;
};

std::optional<Address> parse_address(std::string_view text);
Result<Cidr> parse_cidr(std::string_view text);
std::optional<Address> address_of(const sockaddr* address);
AddressClass classify(const Address& address);
bool contains(const Cidr& cidr, const Address& address);

/// What a connection is for decides what it may reach.
struct ConnectRule {
  // The configured endpoint itself: its administrator may put it on loopback or into a private
  // network.
  bool to_endpoint = false;
  // A host that no list names is let in only where it lies in the endpoint's own private class.
  bool only_endpoint_class = false;
  std::optional<AddressClass> endpoint_class{};
};

bool may_connect(const Address& address, const ConnectRule& rule, const std::vector<Cidr>& allowed);

}  // namespace modelkeep::net
