#include "http/fcgi.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <latch>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"

namespace modelkeep::http {
namespace {

std::string record(int type, const std::string& content) {
  std::string bytes{1, static_cast<char>(type), 0, 1};
  bytes += static_cast<char>(content.size() / 256);
  bytes += static_cast<char>(content.size() % 256);
  bytes += std::string(2, '\0');
  return bytes + content;
}

std::string parameter(const std::string& name, const std::string& value) {
  return std::string{static_cast<char>(name.size()), static_cast<char>(value.size())} + name +
         value;
}

// A request as nginx sends it.
std::string fcgi_request(const std::string& target, const std::string& body, bool keep) {
  std::string bytes = record(1, std::string{0, 1, static_cast<char>(keep ? 1 : 0), 0, 0, 0, 0, 0});
  bytes += record(4, parameter("REQUEST_METHOD", "POST") + parameter("REQUEST_URI", target)) +
           record(4, "");
  for (std::size_t at = 0; at < body.size(); at += 32'000)
    bytes += record(5, body.substr(at, 32'000));
  return bytes + record(5, "");
}

// A service on a socket of its own; stops when it goes.
class Service {
 public:
  Service(int threads, Handler handler)
      : folder_(make_folder()), listener_(listen_at(folder_ + "/s")) {
    thread_ =
        std::jthread([this, threads, handler = std::move(handler)](const std::stop_token& stop) {
          ServeOptions options;
          options.listen_fd = listener_.get();
          options.threads = threads;
          options.at_once = 2;
          options.retire = retire_.get_token();
          ended_well_ = serve(
                            options, [&] { return handler; }, stop)
                            .has_value();
        });
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  bool stop() {
    if (thread_.joinable()) {
      thread_.request_stop();
      thread_.join();
    }
    return ended_well_;
  }

  void retire() { retire_.request_stop(); }
  /// Waits for the end that the last closed connection brings.
  bool ended_by_itself() {
    thread_.join();
    return ended_well_;
  }

  Fd connect() const {
    Fd client{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const sockaddr_un address = address_of(folder_ + "/s");
    EXPECT_EQ(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    return client;
  }

 private:
  static std::string make_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "mk-fcgi-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    return name;
  }
  static sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
  }
  static Fd listen_at(const std::string& path) {
    Fd listener{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const sockaddr_un address = address_of(path);
    EXPECT_EQ(bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(listener.get(), 64), 0);
    return listener;
  }

  std::string folder_;
  Fd listener_;
  std::atomic<bool> ended_well_ = false;
  std::stop_source retire_;
  std::jthread thread_;
};

void send_text(const Fd& client, const std::string& bytes) {
  ASSERT_EQ(send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(bytes.size()));
}

std::string read_exactly(const Fd& client, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const ssize_t count = recv(client.get(), bytes.data() + got, size - got, 0);
    if (count <= 0) break;
    got += static_cast<std::size_t>(count);
  }
  bytes.resize(got);
  return bytes;
}

// Reads one answer: the content of its STDOUT records. Empty when the connection ended instead.
std::string read_answer(const Fd& client) {
  std::string content;
  while (true) {
    const std::string header = read_exactly(client, 8);
    if (header.size() < 8) return {};
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(header[i]); };
    const std::size_t length = byte(4) * 256u + byte(5);
    const std::string body = read_exactly(client, length + byte(6));
    if (byte(1) == 6) content += body.substr(0, length);
    if (byte(1) == 3) return content;
  }
}

bool is_closed(const Fd& client) {
  return read_exactly(client, 1).empty();
}

Response echo(const Request& request) {
  return json_response(std::string{request.target} + " " + std::to_string(request.body.size()) +
                       (request.body_too_large ? " too large" : ""));
}

TEST(Serve, answers_many_requests_on_a_kept_connection) {
  const Service service{1, echo};
  const Fd client = service.connect();
  for (int i = 0; i < 50; ++i) {
    const std::string target = "/n" + std::to_string(i);
    send_text(client, fcgi_request(target, "abc", true));
    EXPECT_NE(read_answer(client).find(target + " 3"), std::string::npos);
  }
}

TEST(Serve, closes_a_connection_that_is_not_to_be_kept) {
  const Service service{1, echo};
  const Fd client = service.connect();
  send_text(client, fcgi_request("/a", "", false));
  EXPECT_FALSE(read_answer(client).empty());
  EXPECT_TRUE(is_closed(client));
}

TEST(Serve, B13_tells_the_handler_that_a_body_was_too_large) {
  const Service service{1, echo};
  const Fd client = service.connect();
  send_text(client, fcgi_request("/a", std::string(64 * 1024, 'x'), true));
  EXPECT_NE(read_answer(client).find("/a 65536"), std::string::npos);
  send_text(client, fcgi_request("/b", std::string(65 * 1024, 'x'), true));
  EXPECT_NE(read_answer(client).find("/b 0 too large"), std::string::npos);
  send_text(client, fcgi_request("/c", "", true));
  EXPECT_NE(read_answer(client).find("/c 0"), std::string::npos);
}

TEST(Serve, sends_answers_larger_than_a_socket_buffer) {
  const Service service{1,
                        [](const Request&) { return json_response(std::string(3'000'000, 'x')); }};
  const Fd client = service.connect();
  send_text(client, fcgi_request("/a", "", true));
  EXPECT_GT(read_answer(client).size(), 3'000'000u);
}

TEST(Serve, idle_kept_connections_hold_no_thread) {
  const Service service{1, echo};
  std::vector<Fd> idle;
  for (int i = 0; i < 20; ++i) {
    idle.push_back(service.connect());
    send_text(idle.back(), fcgi_request("/idle", "", true));
    EXPECT_FALSE(read_answer(idle.back()).empty());
  }
  for (const Fd& client : idle) {
    send_text(client, fcgi_request("/again", "", true));
    EXPECT_NE(read_answer(client).find("/again"), std::string::npos);
  }
}

TEST(Serve, answers_others_while_requests_are_held_up) {
  std::latch held_up{6};
  std::latch go_on{1};
  const Service service{8, [&](const Request& request) {
                          if (request.target == "/slow") {
                            held_up.count_down();
                            go_on.wait();
                          }
                          return json_response(std::string{request.target});
                        }};
  std::vector<Fd> slow;
  for (int i = 0; i < 6; ++i) {
    slow.push_back(service.connect());
    send_text(slow.back(), fcgi_request("/slow", "", true));
  }
  held_up.wait();
  const Fd client = service.connect();
  send_text(client, fcgi_request("/fast", "", true));
  EXPECT_NE(read_answer(client).find("/fast"), std::string::npos);
  go_on.count_down();
  for (const Fd& one : slow) EXPECT_NE(read_answer(one).find("/slow"), std::string::npos);
}

TEST(Serve, answers_500_when_a_handler_throws_and_goes_on) {
  const Service service{1, [](const Request& request) -> Response {
                          if (request.target == "/bad") std::string{}.at(1) = 'x';
                          return json_response("fine");
                        }};
  const Fd client = service.connect();
  send_text(client, fcgi_request("/bad", "", true));
  EXPECT_NE(read_answer(client).find("Status: 500"), std::string::npos);
  send_text(client, fcgi_request("/good", "", true));
  EXPECT_NE(read_answer(client).find("fine"), std::string::npos);
}

TEST(Serve, drops_a_connection_that_speaks_something_else) {
  const Service service{1, echo};
  const Fd stranger = service.connect();
  send_text(stranger, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(is_closed(stranger));
  const Fd client = service.connect();
  send_text(client, fcgi_request("/a", "", true));
  EXPECT_FALSE(read_answer(client).empty());
}

TEST(Serve, F46_stops_at_once_when_all_threads_are_idle) {
  Service service{4, echo};
  const Fd kept = service.connect();
  send_text(kept, fcgi_request("/a", "", true));
  EXPECT_FALSE(read_answer(kept).empty());
  EXPECT_TRUE(service.stop());
  EXPECT_TRUE(is_closed(kept));
}

TEST(Serve, F46_finishes_the_request_in_hand_before_it_stops) {
  std::latch started{1};
  std::latch may_end{1};
  Service service{1, [&](const Request&) {
                    started.count_down();
                    may_end.wait();
                    return json_response("finished");
                  }};
  const Fd client = service.connect();
  send_text(client, fcgi_request("/slow", "", true));
  started.wait();
  std::jthread stopper{[&] { service.stop(); }};
  may_end.count_down();
  EXPECT_NE(read_answer(client).find("finished"), std::string::npos);
}

TEST(Serve, serves_a_kept_connection_on_after_it_retired_and_ends_with_the_last) {
  Service service{4, echo};
  Fd kept = service.connect();
  send_text(kept, fcgi_request("/before", "", true));
  EXPECT_FALSE(read_answer(kept).empty());
  service.retire();
  for (int i = 0; i < 20; ++i) {
    send_text(kept, fcgi_request("/after", "", true));
    EXPECT_NE(read_answer(kept).find("/after"), std::string::npos);
  }
  kept.reset();
  EXPECT_TRUE(service.ended_by_itself());
}

TEST(Serve, survives_clients_that_leave_before_the_answer) {
  const Service service{2,
                        [](const Request&) { return json_response(std::string(1'000'000, 'x')); }};
  for (int i = 0; i < 50; ++i) send_text(service.connect(), fcgi_request("/a", "", true));
  const Fd client = service.connect();
  send_text(client, fcgi_request("/b", "", true));
  EXPECT_GT(read_answer(client).size(), 1'000'000u);
}

}  // namespace
}  // namespace modelkeep::http
