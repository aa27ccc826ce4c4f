// Connections: kept, paced, delayed, many at once.
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/hub/test_hub.h"

namespace modelkeep::standin {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::int64_t ms_of(steady_clock::time_point begin) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin).count();
}

class Connections : public TestHub {};

TEST_F(Connections, carry_one_request_after_another) {
  const std::string two =
      "GET /api/models/test/tiny HTTP/1.1\r\nHost: x\r\n\r\n"
      "GET /api/models/test/medium HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const RawAnswer both = exchange_raw(url_, two);
  EXPECT_NE(both.body.find("\"id\":\"test/tiny\""), std::string::npos);
  EXPECT_NE(both.body.find("\"id\":\"test/medium\""), std::string::npos);
  EXPECT_EQ(hub_->log().ports[0].connections, 1U);
  EXPECT_EQ(hub_->log().requests.size(), 2U);
}

TEST_F(Connections, are_served_side_by_side) {
  order(R"({"kind":"delay","delay_ms":200,"call":"info","times":-1})");
  const auto begin = steady_clock::now();
  std::vector<std::jthread> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back([this] { EXPECT_EQ(get(url_ + "/api/models/test/tiny").status, 200); });
  }
  clients.clear();
  EXPECT_LT(ms_of(begin), 2000);
  EXPECT_GE(hub_->log().ports[0].open_peak, 10U);
}

TEST_F(Connections, that_speak_something_else_are_closed) {
  EXPECT_EQ(exchange_raw(url_, "EHLO hub\r\n\r\n").status, 0);
  EXPECT_EQ(exchange_raw(url_, "GET http://x/ HTTP/1.1\r\n\r\n").status, 0);
}

class SlowConnections : public TestHub {
 protected:
  SlowConnections() : TestHub({.rate_per_connection = 1'000'000, .delay_ms = 50}) {}
};

TEST_F(SlowConnections, keep_to_their_rate_and_delay) {
  const std::string location =
      get(url_ + "/test/medium/resolve/main/model.safetensors").header("Location");
  const auto begin = steady_clock::now();
  EXPECT_EQ(get(location, {{"Range", "bytes=0-499999"}}).body.size(), 500'000U);
  EXPECT_GE(ms_of(begin), 450);
}

class SharedConnections : public TestHub {
 protected:
  SharedConnections() : TestHub({.rate_total = 1'000'000}) {}
};

TEST_F(SharedConnections, share_the_rate_of_all) {
  const std::string location =
      get(url_ + "/test/medium/resolve/main/model.safetensors").header("Location");
  const auto begin = steady_clock::now();
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 4; ++i) {
      clients.emplace_back([&] { get(location, {{"Range", "bytes=0-124999"}}); });
    }
  }
  EXPECT_GE(ms_of(begin), 300);
}

TEST_F(Connections, of_tls_are_a_trap) {
  order(R"({"kind":"redirect_tls"})");
  const std::string location = get(url_ + "/test/tiny/resolve/main/config.json").header("Location");
  EXPECT_TRUE(location.starts_with(hub_->tls_url() + "/test/tiny"));
  EXPECT_TRUE(hub_->tls_url().starts_with("https://127.0.0.1:"));
  // Speaking plain HTTP to it, or leaving, is no request.
  EXPECT_EQ(get("http" + hub_->tls_url().substr(5) + "/x").status, 0);
  EXPECT_EQ(hub_->log().count(Call::sink), 0U);
}

}  // namespace
}  // namespace modelkeep::standin
