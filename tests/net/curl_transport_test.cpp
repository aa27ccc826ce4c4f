#include "net/curl_transport.h"

#include <gtest/gtest.h>

#include "tests/support/raw_server.h"

namespace modelkeep::net {
namespace {

std::string ok(const std::string& body, const std::string& headers = {}) {
  return "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string redirect(const std::string& to, const std::string& headers = {}) {
  return "HTTP/1.1 302 Found\r\n" + headers + "Location: " + to + "\r\nContent-Length: 0\r\n\r\n";
}

std::unique_ptr<Transport> transport_to(const std::string& endpoint) {
  return std::move(*make_curl_transport({.endpoint = endpoint}, "test"));
}

Patience short_patience() {
  return {.connect_ms = 500, .first_byte_ms = 500, .low_speed_seconds = 1};
}

bool has_token(const std::string& request) {
  return request.find("sesame") != std::string::npos;
}

TEST(CurlTransport, hands_back_status_headers_and_body) {
  RawServer server([](const std::string&) { return ok("hello", "X-Repo-Commit: abc\r\n"); });
  const auto transport = transport_to(server.url());
  const auto response = send(*transport, {.url = server.url() + "/x"});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->head.status, 200);
  EXPECT_EQ(response->body, "hello");
  EXPECT_EQ(response->head.headers.find("x-repo-commit"), "abc");
  EXPECT_NE(server.requests().front().find("Accept-Encoding: identity"), std::string::npos);
}

TEST(CurlTransport, sends_the_token_to_the_hub_and_never_to_the_host_behind_a_redirect) {
  RawServer cdn([](const std::string&) { return ok("bytes"); }, 2);
  RawServer hub([&](const std::string& request) {
    if (request.starts_with("GET /first")) return redirect("/second", "X-Linked-Size: 5\r\n");
    return redirect(cdn.url() + "/blob?Signature=s", "X-Linked-Size: 5\r\nX-Repo-Commit: abc\r\n");
  });
  const auto transport = transport_to(hub.url());
  const auto response = send(*transport, {.url = hub.url() + "/first",
                                          .headers = {{"Range", "bytes=0-"}, {"X-Mine", "private"}},
                                          .bearer_token = "sesame"});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "bytes");
  ASSERT_EQ(hub.requests().size(), 2U);
  EXPECT_TRUE(has_token(hub.requests()[0]));
  EXPECT_TRUE(has_token(hub.requests()[1]));
  ASSERT_EQ(cdn.requests().size(), 1U);
  EXPECT_FALSE(has_token(cdn.requests()[0]));
  EXPECT_EQ(cdn.requests()[0].find("X-Mine"), std::string::npos);
  EXPECT_NE(cdn.requests()[0].find("Range: bytes=0-"), std::string::npos);
  EXPECT_EQ(response->head.origin_headers.find("X-Repo-Commit"), "abc");
  EXPECT_TRUE(response->head.left_origin);
}

TEST(CurlTransport, gives_up_on_a_redirect_loop) {
  RawServer hub([](const std::string&) { return redirect("/again"); });
  const auto response = send(*transport_to(hub.url()), {.url = hub.url() + "/x"});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, codes::redirect_refused);
  EXPECT_EQ(hub.requests().size(), 6U);
}

TEST(CurlTransport, does_not_connect_to_where_a_redirect_must_not_lead) {
  for (const char* target : {"http://169.254.169.254/latest", "http://10.0.0.1/",
                             "file:///etc/passwd", "ftp://127.0.0.1/x", "http://[fe80::1]/"}) {
    RawServer hub([&](const std::string&) { return redirect(target); });
    const auto response =
        send(*transport_to(hub.url()),
             {.url = hub.url() + "/x", .bearer_token = "t", .patience = short_patience()});
    ASSERT_FALSE(response) << target;
    EXPECT_EQ(response.error().code, codes::redirect_refused) << target;
  }
}

TEST(CurlTransport, refuses_headers_without_end) {
  RawServer big([](const std::string&) {
    return "HTTP/1.1 200 OK\r\nX-A: " + std::string(1 << 20, 'a') + "\r\n\r\n";
  });
  EXPECT_FALSE(send(*transport_to(big.url()), {.url = big.url()}));
  RawServer many([](const std::string&) {
    std::string answer = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 10'000; ++i) answer += "A: b\r\n";
    return answer + "\r\n";
  });
  const auto response = send(*transport_to(many.url()), {.url = many.url()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, codes::answer_too_large);
}

TEST(CurlTransport, stops_a_body_at_its_limit) {
  RawServer server(
      [](const std::string&) { return "HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'x'); });
  const auto response =
      send(*transport_to(server.url()), {.url = server.url(), .answer_size_max = 1000});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, codes::answer_too_large);
}

TEST(CurlTransport, refuses_a_compressed_answer) {
  RawServer server([](const std::string&) { return ok("x", "Content-Encoding: gzip\r\n"); });
  const auto response = send(*transport_to(server.url()), {.url = server.url()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, codes::encoding_refused);
}

TEST(CurlTransport, tells_a_broken_body_from_a_whole_one) {
  RawServer server([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
  });
  const auto response = send(*transport_to(server.url()), {.url = server.url()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, codes::connection_lost);
  EXPECT_EQ(response.error().kind, ErrorKind::unavailable);
}

TEST(CurlTransport, does_not_wait_for_ever_for_a_first_byte) {
  RawServer server([](const std::string&) { return std::string(RawServer::kThenSilence); });
  const auto response =
      send(*transport_to(server.url()), {.url = server.url(), .patience = short_patience()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, codes::timed_out);
}

TEST(CurlTransport, ends_a_request_that_nobody_wants_any_more) {
  RawServer server([](const std::string&) { return std::string(RawServer::kThenSilence); });
  const auto response =
      send(*transport_to(server.url()), {.url = server.url(), .keep_going = [] { return false; }});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, codes::interrupted);
}

TEST(CurlTransport, names_what_failed_to_connect) {
  EXPECT_EQ(send(*transport_to("http://127.0.0.1:1"), {.url = "http://127.0.0.1:1/"}).error().code,
            codes::connection_failed);
  EXPECT_EQ(
      send(*transport_to("http://no-such-host.invalid"), {.url = "http://no-such-host.invalid/"})
          .error()
          .code,
      codes::dns_failed);
  RawServer plain([](const std::string&) { return ok("x"); });
  const std::string https = "https" + plain.url().substr(4);
  const auto response = send(*transport_to(https), {.url = https, .patience = short_patience()});
  ASSERT_FALSE(response);
}

TEST(CurlTransport, sends_the_method_it_is_given) {
  RawServer server([](const std::string&) { return ok("{}"); });
  const auto transport = std::move(*make_curl_transport({}, "test"));
  const auto response =
      send(*transport, {.method = "DELETE", .url = server.url() + "/m", .bearer_token = "t"});
  ASSERT_TRUE(response);
  EXPECT_TRUE(server.requests().front().starts_with("DELETE /m HTTP/1.1"));
}

class Collect : public Sink {
 public:
  Result<> begin(const ResponseHead& head) override {
    status = head.status;
    return {};
  }
  Result<> write(std::span<const char> bytes) override {
    body.append(bytes.data(), bytes.size());
    return {};
  }
  int status = 0;
  std::string body;
};

TEST(BulkSession, runs_many_transfers_at_once_and_reports_each) {
  RawServer server([](const std::string& request) { return ok(request.substr(5, 1)); });
  const auto transport = transport_to(server.url());
  const auto bulk = std::move(*transport->open_bulk());
  std::array<Collect, 5> sinks;
  for (std::uint64_t i = 0; i < sinks.size(); ++i) {
    ASSERT_TRUE(bulk->start(i, {.url = server.url() + "/" + std::to_string(i), .http_1_only = true},
                            sinks[i]));
  }
  std::size_t finished = 0;
  while (bulk->running() > 0) {
    for (const auto& one : bulk->drive(100)) {
      EXPECT_TRUE(one.outcome) << one.key;
      EXPECT_EQ(sinks[one.key].body, std::to_string(one.key));
      ++finished;
    }
  }
  EXPECT_EQ(finished, sinks.size());
}

TEST(BulkSession, forgets_what_was_abandoned) {
  RawServer server([](const std::string&) { return std::string(RawServer::kThenSilence); });
  const auto transport = transport_to(server.url());
  const auto bulk = std::move(*transport->open_bulk());
  Collect sink;
  ASSERT_TRUE(bulk->start(1, {.url = server.url()}, sink));
  EXPECT_TRUE(bulk->drive(50).empty());
  bulk->abandon(1);
  EXPECT_EQ(bulk->running(), 0U);
}

}  // namespace
}  // namespace modelkeep::net
