#include "app/listen_address.h"

#include <gtest/gtest.h>

namespace modelkeep::app {
namespace {

struct Row {
  const char* text;
  const char* shown;  ///< Empty: refused.
  bool loopback;
};

TEST(ListenAddress, is_a_literal_and_a_port) {
  const Row rows[] = {
      {"127.0.0.1:5000", "127.0.0.1:5000", true},
      {"127.3.2.1:80", "127.3.2.1:80", true},
      {"localhost:5000", "127.0.0.1:5000", true},
      {"[::1]:5000", "[::1]:5000", true},
      {":5000", "0.0.0.0:5000", false},
      {"0.0.0.0:5000", "0.0.0.0:5000", false},
      {"[::]:5000", "[::]:5000", false},
      {"10.1.2.3:8080", "10.1.2.3:8080", false},
      {"5000", "", false},
      {"127.0.0.1", "", false},
      {"127.0.0.1:0", "", false},
      {"127.0.0.1:65536", "", false},
      {"127.0.0.1:05000", "", false},
      {"::1:5000", "", false},
      {"[127.0.0.1]:5000", "", false},
      {"example.org:5000", "", false},
      {"127.0.0.1:5000; return 200", "", false},
      {"", "", false},
  };
  for (const Row& row : rows) {
    const auto address = parse_listen_address(row.text);
    EXPECT_EQ(address ? address->text() : "", row.shown) << row.text;
    EXPECT_EQ(address && address->is_loopback(), row.loopback) << row.text;
  }
}

TEST(ListenAddress, says_why_it_cannot_be_listened_on) {
  // An address of a documentation network is no machine's own.
  const auto refused = listen_on({"192.0.2.1", 5000, false});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("not an address of this machine"), std::string::npos);
  EXPECT_NE(refused.error().message.find("MODELKEEP_LISTEN"), std::string::npos);
}

TEST(ListenAddress, knows_what_leads_to_it) {
  const ListenAddress loopback{"127.0.0.1", 5000, false};
  const ListenAddress any{"0.0.0.0", 5000, false};
  EXPECT_TRUE(leads_to("127.0.0.1", 5000, loopback));
  EXPECT_TRUE(leads_to("localhost", 5000, loopback));
  EXPECT_FALSE(leads_to("127.0.0.1", 5001, loopback));
  EXPECT_FALSE(leads_to("192.0.2.1", 5000, loopback));
  EXPECT_TRUE(leads_to("127.0.0.1", 5000, any));
  EXPECT_FALSE(leads_to("192.0.2.1", 5000, any));
}

}  // namespace
}  // namespace modelkeep::app
