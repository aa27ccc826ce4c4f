#include "net/addresses.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/error_codes.h"

namespace modelkeep::net {
namespace {

constexpr std::array<std::uint8_t, 12> kV4Mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<std::uint8_t, 12> kNat64 = {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
constexpr std::array<std::uint8_t, 12> kV4Compatible = {};

bool starts_with(const Address& address, const std::array<std::uint8_t, 12>& prefix) {
  return std::equal(prefix.begin(), prefix.end(), address.bytes.begin());
}

AddressClass classify_v4(std::uint8_t a, std::uint8_t b) {
  if (a == 127) return AddressClass::loopback;
  if (a == 10 || (a == 172 && (b & 0xf0) == 16) || (a == 192 && b == 168))
    return AddressClass::rfc1918;
  if (a == 100 && (b & 0xc0) == 64) return AddressClass::carrier_shared;
  if (a == 169 && b == 254) return AddressClass::link_local;
  if (a == 0) return AddressClass::unspecified;
  if (a >= 240) return AddressClass::reserved;
  if (a >= 224) return AddressClass::multicast;
  return AddressClass::public_internet;
}

AddressClass classify_v6(const Address& address) {
  const auto& bytes = address.bytes;
  if ((bytes[0] & 0xfe) == 0xfc) return AddressClass::unique_local;
  // fec0::/10, long deprecated, was site-local: as little of the internet as fe80::/10.
  if (bytes[0] == 0xfe && (bytes[1] & 0x80) != 0) return AddressClass::link_local;
  if (bytes[0] == 0xff) return AddressClass::multicast;
  // 6to4 carries an IPv4 address inside.
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return classify_v4(bytes[2], bytes[3]);
  return AddressClass::public_internet;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const std::string terminated(text);
  Address address;
  in_addr v4{};
  if (inet_pton(AF_INET, terminated.c_str(), &v4) == 1) {
    std::copy(kV4Mapped.begin(), kV4Mapped.end(), address.bytes.begin());
    std::memcpy(address.bytes.data() + kV4Mapped.size(), &v4, sizeof v4);
    return address;
  }
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

Result<Cidr> parse_cidr(std::string_view text) {
  const auto refused = [&] {
    return fail(ErrorKind::invalid, codes::setting_invalid,
                "This is no address range: " + std::string(text));
  };
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return refused();
  const bool v4 = text.substr(0, slash).find(':') == std::string_view::npos;
  Cidr cidr{*address, 128};
  if (slash == std::string_view::npos) return cidr;
  const std::string_view bits = text.substr(slash + 1);
  const auto [end, error] = std::from_chars(bits.begin(), bits.end(), cidr.prefix_bits);
  const int bits_max = v4 ? 32 : 128;
  if (error != std::errc{} || end != bits.end() || cidr.prefix_bits < 0 ||
      cidr.prefix_bits > bits_max) {
    return refused();
  }
  if (v4) cidr.prefix_bits += 96;
  return cidr;
}

std::optional<Address> address_of(const sockaddr* address) {
  Address result;
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    std::copy(kV4Mapped.begin(), kV4Mapped.end(), result.bytes.begin());
    std::memcpy(result.bytes.data() + kV4Mapped.size(), &v4.sin_addr, sizeof v4.sin_addr);
    return result;
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    std::memcpy(result.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    return result;
  }
  return std::nullopt;
}

AddressClass classify(const Address& address) {
  const auto& bytes = address.bytes;
  if (starts_with(address, kV4Compatible) && bytes[12] == 0 && bytes[13] == 0 && bytes[14] == 0) {
    if (bytes[15] == 0) return AddressClass::unspecified;
    if (bytes[15] == 1) return AddressClass::loopback;
  }
  const bool holds_v4 = starts_with(address, kV4Mapped) || starts_with(address, kNat64) ||
                        starts_with(address, kV4Compatible);
  return holds_v4 ? classify_v4(bytes[12], bytes[13]) : classify_v6(address);
}

bool contains(const Cidr& cidr, const Address& address) {
  const auto whole = static_cast<std::size_t>(cidr.prefix_bits / 8);
  const int rest = cidr.prefix_bits % 8;
  if (!std::equal(cidr.network.bytes.begin(), cidr.network.bytes.begin() + static_cast<long>(whole),
                  address.bytes.begin())) {
    return false;
  }
  if (rest == 0) return true;
  const int shift = 8 - rest;
  return (cidr.network.bytes[whole] >> shift) == (address.bytes[whole] >> shift);
}

bool may_connect(const Address& address, const ConnectRule& rule,
                 const std::vector<Cidr>& allowed) {
  for (const Cidr& cidr : allowed) {
    if (contains(cidr, address)) return true;
  }
  const AddressClass found = classify(address);
  const bool can_hold_endpoint =
      found == AddressClass::loopback || found == AddressClass::rfc1918 ||
      found == AddressClass::carrier_shared || found == AddressClass::unique_local;
  if (rule.to_endpoint) return found == AddressClass::public_internet || can_hold_endpoint;
  if (found == AddressClass::public_internet) return !rule.only_endpoint_class;
  return can_hold_endpoint && rule.endpoint_class == found;
}

}  // namespace modelkeep::net
