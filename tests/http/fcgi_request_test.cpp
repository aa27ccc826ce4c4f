#include "http/fcgi_request.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace modelkeep::http {
namespace {

TEST(FcgiRequest, takes_what_nginx_passes) {
  const std::array<const char*, 10> parameters{
      "REQUEST_METHOD=PUT",    "REQUEST_URI=/api/models/a?x=1",
      "REMOTE_ADDR=10.0.0.7",  "REQUEST_ID=abc",
      "HTTP_HOST=gpu1:5000",   "HTTP_X_USERNAME=john",
      "HTTP_IF_MATCH=\"1-2\"", "CONTENT_TYPE=application/json",
      "HTTP_COOKIE=a=b",       nullptr};
  const Request request = request_from_parameters(parameters.data());
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.target, "/api/models/a?x=1");
  EXPECT_EQ(request.remote_address, "10.0.0.7");
  EXPECT_EQ(request.request_id, "abc");
  EXPECT_EQ(request.host, "gpu1:5000");
  EXPECT_EQ(request.username, "john");
  EXPECT_EQ(request.if_match, "\"1-2\"");
  EXPECT_EQ(request.content_type, "application/json");
  EXPECT_FALSE(request.forwarded);
  EXPECT_TRUE(request.repeated_header.empty());
}

TEST(FcgiRequest, B67_notices_a_proxy_and_never_reads_the_address_it_claims) {
  const std::array<const char*, 3> parameters{"REMOTE_ADDR=10.0.0.7",
                                              "HTTP_X_FORWARDED_FOR=6.6.6.6", nullptr};
  const Request request = request_from_parameters(parameters.data());
  EXPECT_TRUE(request.forwarded);
  EXPECT_EQ(request.remote_address, "10.0.0.7");
}

TEST(FcgiRequest, B68_ignores_a_forged_remote_user) {
  const std::array<const char*, 3> parameters{"REMOTE_ADDR=10.0.0.7", "HTTP_REMOTE_USER=admin",
                                              nullptr};
  EXPECT_TRUE(request_from_parameters(parameters.data()).username.empty());
}

TEST(FcgiRequest, names_a_header_that_stands_twice) {
  for (const std::string name :
       {"AUTHORIZATION", "COOKIE", "ORIGIN", "RANGE", "X_CSRF_TOKEN", "IF_MATCH", "HOST"}) {
    const std::string first = "HTTP_" + name + "=1";
    const std::string second = "HTTP_" + name + "=2";
    const std::array<const char*, 4> parameters{first.c_str(), "REQUEST_METHOD=GET", second.c_str(),
                                                nullptr};
    EXPECT_FALSE(request_from_parameters(parameters.data()).repeated_header.empty()) << name;
  }
}

// Joins the contents of the STDOUT records, and checks that the records fill `bytes` exactly.
std::string stdout_of(const std::string& bytes) {
  std::string content;
  std::size_t at = 0;
  bool ended = false;
  while (at < bytes.size()) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
    const std::size_t length = byte(4) * 256u + byte(5);
    EXPECT_EQ(byte(0), 1);
    EXPECT_EQ(byte(2) * 256u + byte(3), 7u);
    if (byte(1) == 6) content += bytes.substr(at + 8, length);
    if (byte(1) == 3) ended = true;
    at += 8 + length + byte(6);
  }
  EXPECT_EQ(at, bytes.size());
  EXPECT_TRUE(ended);
  return content;
}

TEST(FcgiRecords, carry_head_and_body_of_any_size) {
  for (const std::size_t size : {0u, 1u, 65'000u, 65'528u, 70'000u, 1'000'000u}) {
    Response response = json_response(std::string(size, 'x'));
    std::string bytes;
    append_records(response, "id1", 7, bytes);
    EXPECT_EQ(stdout_of(bytes),
              "Status: 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: "
              "id1\r\nContent-Length: " +
                  std::to_string(size) + "\r\n\r\n" + response.body)
        << size;
  }
}

TEST(FcgiRecords, leave_the_length_to_nginx_where_nginx_sends_the_body) {
  Response response;
  response.headers.push_back({"X-Accel-Redirect", "/internal/x"});
  std::string bytes;
  append_records(response, "id1", 7, bytes);
  EXPECT_EQ(stdout_of(bytes).find("Content-Length"), std::string::npos);
}

TEST(FcgiRecords, B40_a_value_cannot_begin_another_header) {
  Response response = json_response("{}");
  response.headers.push_back({"Location", "/a\r\nSet-Cookie: x=1"});
  std::string bytes;
  append_records(response, "id1", 7, bytes);
  EXPECT_NE(stdout_of(bytes).find("Location: /aSet-Cookie: x=1\r\n"), std::string::npos);
}

}  // namespace
}  // namespace modelkeep::http
