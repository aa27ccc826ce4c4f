#include "net/addresses.h"

#include <gtest/gtest.h>

namespace modelkeep::net {
namespace {

TEST(Addresses, are_sorted_into_classes) {
  struct Row {
    const char* address;
    AddressClass expected;
  };
  constexpr Row kRows[] = {
      {"8.8.8.8", AddressClass::public_internet},
      {"127.0.0.1", AddressClass::loopback},
      {"127.255.0.9", AddressClass::loopback},
      {"::1", AddressClass::loopback},
      {"::ffff:127.0.0.1", AddressClass::loopback},
      {"::127.0.0.1", AddressClass::loopback},
      {"10.0.0.1", AddressClass::rfc1918},
      {"172.16.0.1", AddressClass::rfc1918},
      {"172.32.0.1", AddressClass::public_internet},
      {"192.168.1.1", AddressClass::rfc1918},
      {"64:ff9b::c0a8:101", AddressClass::rfc1918},
      {"2002:a00:1::", AddressClass::rfc1918},
      {"100.64.0.1", AddressClass::carrier_shared},
      {"100.128.0.1", AddressClass::public_internet},
      {"169.254.169.254", AddressClass::link_local},
      {"::ffff:169.254.169.254", AddressClass::link_local},
      {"fe80::1", AddressClass::link_local},
      {"fec0::1", AddressClass::link_local},
      {"fd00::1", AddressClass::unique_local},
      {"0.0.0.0", AddressClass::unspecified},
      {"0.1.2.3", AddressClass::unspecified},
      {"::", AddressClass::unspecified},
      {"224.0.0.1", AddressClass::multicast},
      {"ff02::1", AddressClass::multicast},
      {"255.255.255.255", AddressClass::reserved},
      {"2606:4700::1", AddressClass::public_internet},
  };
  for (const Row& row : kRows) {
    const auto address = parse_address(row.address);
    ASSERT_TRUE(address) << row.address;
    EXPECT_EQ(classify(*address), row.expected) << row.address;
  }
}

bool allowed(const char* address, const ConnectRule& rule, const char* cidr = nullptr) {
  std::vector<Cidr> list;
  if (cidr != nullptr) list.push_back(*parse_cidr(cidr));
  return may_connect(*parse_address(address), rule, list);
}

TEST(Addresses, of_the_lan_are_refused_to_an_endpoint_on_the_internet) {
  const ConnectRule rule{.endpoint_class = AddressClass::public_internet};
  for (const char* address :
       {"127.0.0.1", "10.1.1.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "fd00::1", "fe80::1", "::1", "::ffff:10.0.0.1", "224.0.0.1"}) {
    EXPECT_FALSE(allowed(address, rule)) << address;
  }
  EXPECT_TRUE(allowed("1.1.1.1", rule));
}

TEST(Addresses, of_the_endpoints_own_class_are_open_to_its_redirects) {
  const ConnectRule loopback{.endpoint_class = AddressClass::loopback};
  EXPECT_TRUE(allowed("127.0.0.2", loopback));
  EXPECT_FALSE(allowed("10.0.0.1", loopback));
  const ConnectRule lan{.endpoint_class = AddressClass::rfc1918};
  EXPECT_TRUE(allowed("192.168.7.7", lan));
  EXPECT_FALSE(allowed("127.0.0.1", lan));
}

TEST(Addresses, of_cloud_metadata_are_refused_even_to_the_endpoint) {
  EXPECT_FALSE(allowed("169.254.169.254", {.to_endpoint = true}));
  EXPECT_TRUE(allowed("127.0.0.1", {.to_endpoint = true}));
}

TEST(Addresses, of_hosts_that_no_list_names_stay_in_the_endpoints_class) {
  const ConnectRule rule{.only_endpoint_class = true, .endpoint_class = AddressClass::loopback};
  EXPECT_FALSE(allowed("1.1.1.1", rule));
  EXPECT_TRUE(allowed("127.0.0.9", rule));
}

TEST(Addresses, in_an_allowed_range_are_open) {
  const ConnectRule rule{.endpoint_class = AddressClass::public_internet};
  EXPECT_TRUE(allowed("10.1.2.3", rule, "10.1.0.0/16"));
  EXPECT_FALSE(allowed("10.2.2.3", rule, "10.1.0.0/16"));
  EXPECT_TRUE(allowed("fd00::5", rule, "fd00::/8"));
  EXPECT_TRUE(allowed("10.1.2.3", rule, "10.1.2.3"));
}

TEST(Addresses, ranges_that_do_not_parse_are_errors) {
  for (const char* text :
       {"", "10.0.0.0/33", "10.0.0.0/x", "10.0.0/8", "fd00::/129", "10.0.0.0/-1", "host/8"}) {
    EXPECT_FALSE(parse_cidr(text)) << text;
  }
}

}  // namespace
}  // namespace modelkeep::net
