// F49: clients that are slow, silent, half gone or rude. The others must not feel them, and nothing
// of them stays open.
#include <vector>

#include <sys/socket.h>

#include "tests/system/load.h"
#include "tests/system/raw_http.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

constexpr std::int64_t kOthersP99Ms = 250;

class ClientFaults : public RunningStore {
 protected:
  void SetUp() override {
    ASSERT_TRUE(start());
    ASSERT_TRUE(fetch("test/medium"));
    descriptors_ = open_descriptors_of_all();
  }

  std::size_t open_descriptors_of_all() const {
    std::size_t all = 0;
    for (const Process& process : service_everyone()) all += open_descriptors(process.pid);
    return all;
  }
  std::vector<Process> service_everyone() const {
    return const_cast<ClientFaults*>(this)->service().everyone();
  }

  std::vector<RawConnection> connections(int count, const std::string& first_bytes) {
    std::vector<RawConnection> open;
    for (int i = 0; i < count; ++i) {
      auto connection = RawConnection::open(service().port());
      if (!connection || !connection->send(first_bytes)) continue;
      open.push_back(std::move(*connection));
    }
    EXPECT_EQ(open.size(), static_cast<std::size_t>(count));
    return open;
  }

  void expect_others_unharmed(const std::function<void()>& meanwhile = [] {}) {
    Load load(service().url(), 2, ask_a_mixture);
    const Stopwatch watch;
    while (watch.ms() < 2'000) {
      meanwhile();
      system_clock().sleep_ms(50);
    }
    const LoadFigures figures = load.stop();
    EXPECT_EQ(figures.failed + figures.refused, 0);
    EXPECT_LE(percentile(figures.latencies_ms, 0.99), kOthersP99Ms);
  }

  void expect_nothing_stays_open() {
    std::size_t now = 0;
    // The others' load opened connections that nginx and the workers keep on purpose, and each
    // thread of a worker keeps the database open. A leak would be of at least 200.
    EXPECT_TRUE(wait_until(
        [&] {
          now = open_descriptors_of_all();
          return now <= descriptors_ + 120;
        },
        15'000, 200))
        << now << " descriptors, " << descriptors_ << " before";
  }

  std::size_t descriptors_ = 0;
};

TEST_F(ClientFaults, F49_headers_that_never_end_harm_nobody_and_are_let_go) {
  auto slow = connections(200, "GET /api/models HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
  expect_others_unharmed([&] {
    for (RawConnection& connection : slow) connection.send("a");
  });
  EXPECT_TRUE(wait_until(
      [&] {
        // An answer, or nothing but the end.
        return !slow.front().read_some(100).empty() || !slow.front().send("a");
      },
      15'000));
  slow.clear();
  expect_nothing_stays_open();
}

TEST_F(ClientFaults, F49_bodies_byte_by_byte_hold_no_worker) {
  auto slow = connections(200,
                          "POST /api/models/download HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                          "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
  expect_others_unharmed([&] {
    for (RawConnection& connection : slow) connection.send(" ");
  });
  slow.clear();
  expect_nothing_stays_open();
}

TEST_F(ClientFaults, F49_readers_at_a_snails_pace_hold_no_worker) {
  const std::string request =
      plain_request("GET", "/api/models/test_medium/files/model.safetensors");
  auto slow = connections(200, request);
  expect_others_unharmed();
  slow.clear();
  expect_nothing_stays_open();
}

TEST_F(ClientFaults, F49_who_hangs_up_half_way_is_let_go) {
  // nginx takes the end of what a client sends for the end of its interest.
  for (int i = 0; i < 200; ++i) {
    auto connection = RawConnection::open(service().port());
    ASSERT_TRUE(connection.has_value());
    ASSERT_TRUE(connection->send(plain_request("GET", "/api/models")));
    connection->close_write();
    connection->read_answer();
  }
  expect_others_unharmed();
  expect_nothing_stays_open();
}

TEST_F(ClientFaults, F49_five_hundred_resets_in_the_middle_leak_nothing) {
  const std::string request =
      plain_request("GET", "/api/models/test_medium/files/model.safetensors");
  for (int i = 0; i < 500; ++i) {
    auto connection = RawConnection::open(service().port());
    ASSERT_TRUE(connection.has_value());
    ASSERT_TRUE(connection->send(request));
    connection->read_some(2'000);
    connection->reset();
  }
  expect_others_unharmed();
  expect_nothing_stays_open();
  expect_whole(service());
}

}  // namespace
}  // namespace modelkeep::system_test
