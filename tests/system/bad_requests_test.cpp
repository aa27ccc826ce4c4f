// Requests that are no proper HTTP, or come from a page that has no business here.
#include "tests/system/bad_inputs.h"
#include "tests/system/database.h"
#include "tests/system/raw_http.h"

namespace modelkeep::system_test {
namespace {

const std::string kGet = "GET /api/models HTTP/1.1\r\n";
const std::string kHost = "Host: 127.0.0.1\r\nConnection: close\r\n";
const std::string kAsk = "POST /api/models/download HTTP/1.1\r\n";
const std::string kJson = "Content-Type: application/json\r\n";
const std::string kBody = R"({"model_name":"test/medium"})";

class BadRequests : public BadInputs {
 protected:
  static BadInput asked_with(std::string label, const std::string& lines, int status,
                             std::string code) {
    return {std::move(label),
            plain_request("POST", "/api/models/download", kJson + lines, kBody),
            {status},
            std::move(code)};
  }
};

TEST_F(BadRequests, bodies_too_large_or_of_another_type) {
  const std::string large = R"({"model_name":")" + std::string(65 * 1024, 'a') + "\"}";
  expect_refused({
      ask_for("B13 65 KiB", large, {413}, "body_too_large"),
      {"B16 a form",
       plain_request("POST", "/api/models/download",
                     "Content-Type: application/x-www-form-urlencoded\r\n", "model_name=a"),
       {415},
       "media_type_unsupported"},
      {"B16 plain text",
       plain_request("POST", "/api/models/download", "Content-Type: text/plain\r\n", kBody),
       {415},
       "media_type_unsupported"},
      {"B16 no type",
       plain_request("POST", "/api/models/download", {}, kBody),
       {415},
       "media_type_unsupported"},
  });
}

TEST_F(BadRequests, methods_that_do_not_exist_or_not_there) {
  expect_refused({
      {"B61 TRACE", plain_request("TRACE", "/api/models"), {405}, {}},
      {"B61 CONNECT", "CONNECT example.com:80 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", {400, 405}, {}},
      {"B61 lower case", plain_request("get", "/api/models"), {400}, {}},
      {"B61 PATCH on a list", plain_request("PATCH", "/api/models"), {405}, "method_not_allowed"},
      {"B61 DELETE on a list", plain_request("DELETE", "/api/models"), {405}, "method_not_allowed"},
      {"B61 POST on the pages", plain_request("POST", "/"), {405}, {}},
      get("no such route", "/api/none", {404}, "route_not_found"),
      get("no such route", "/api/", {404}, "route_not_found"),
  });
  const RawAnswer answer = exchange(service().port(), plain_request("PATCH", "/api/models"));
  EXPECT_EQ(answer.header("Allow"), "GET, HEAD");
}

TEST_F(BadRequests, hosts_that_are_not_ours) {
  expect_refused({
      {"B62 another name",
       kGet + "Host: evil.example\r\nConnection: close\r\n\r\n",
       {421},
       "host_unknown"},
      {"B62 ours in front",
       kGet + "Host: 127.0.0.1.evil.example\r\nConnection: close\r\n\r\n",
       {421},
       "host_unknown"},
      {"B62 two", kGet + kHost + "Host: evil.example\r\n\r\n", {400}, {}},
      {"B62 none", kGet + "Connection: close\r\n\r\n", {400}, {}},
      {"B62 pages as well",
       "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
       {421},
       "host_unknown"},
      {"B62 absolute form",
       "GET http://evil.example/api/models HTTP/1.1\r\n" + kHost + "\r\n",
       {400, 421},
       {}},
  });
  for (const char* host : {"127.0.0.1", "localhost", "localhost:5000", "[::1]", "10.1.2.3"}) {
    const RawAnswer answer =
        exchange(service().port(), kGet + "Host: " + host + "\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(answer.status, 200) << host;
  }
}

TEST_F(BadRequests, lengths_that_contradict_each_other) {
  expect_refused({
      {"B63 length and chunks",
       kAsk + kHost + kJson + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       {400},
       {}},
      {"B63 two lengths",
       kAsk + kHost + kJson + "Content-Length: 28\r\nContent-Length: 2\r\n\r\n" + kBody,
       {400},
       {}},
      {"B63 negative", kAsk + kHost + kJson + "Content-Length: -1\r\n\r\n", {400}, {}},
      {"B63 no coding of ours",
       kAsk + kHost + kJson + "Transfer-Encoding: gzip\r\n\r\n",
       {501},
       {}},
      {"version", "GET /api/models HTTP/9.1\r\n" + kHost + "\r\n", {505}, {}},
      {"blank before the colon", kGet + kHost + "X-A : b\r\n\r\n", {400, 200}, {}},
  });
}

TEST_F(BadRequests, what_is_too_long) {
  std::string many;
  for (int i = 0; i < 200; ++i) many += "X-H" + std::to_string(i) + ": v\r\n";
  expect_refused({
      get("B64 9 KiB address", "/api/models/" + std::string(9 * 1024, 'a'), {414}),
      {"B64 9 KiB header",
       kGet + kHost + "X-A: " + std::string(9 * 1024, 'a') + "\r\n\r\n",
       {400},
       {}},
      {"B64 200 headers", kGet + kHost + many + "\r\n", {200, 400}, {}},
  });
}

TEST_F(BadRequests, pages_of_other_sites_change_nothing) {
  expect_refused({
      asked_with("B65 foreign origin", "Origin: http://evil.example\r\n", 403, "origin_forbidden"),
      asked_with("B65 null origin", "Origin: null\r\n", 403, "origin_forbidden"),
      asked_with("B65 cross-site", "Sec-Fetch-Site: cross-site\r\n", 403, "origin_forbidden"),
      asked_with("B65 same site, another origin", "Sec-Fetch-Site: same-site\r\n", 403,
                 "origin_forbidden"),
      {"B65 delete",
       plain_request("DELETE", "/api/models/test_tiny", "Origin: null\r\n"),
       {403},
       "origin_forbidden"},
  });
  EXPECT_EQ(model("test_tiny").status, 200);
}

TEST_F(BadRequests, headers_that_stand_twice) {
  const std::string twice = "Origin: http://127.0.0.1\r\nOrigin: http://127.0.0.1\r\n";
  expect_refused({
      asked_with("B74 Origin", twice, 400, "header_duplicate"),
      {"B74 Authorization",
       kGet + kHost + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
       {400},
       {}},
  });
}

TEST_F(BadRequests, B67_a_forwarded_address_is_not_believed) {
  expect_refused({
      {"B67 X-Forwarded-For",
       kGet + kHost + "X-Forwarded-For: 6.6.6.6\r\n\r\n",
       {403},
       "proxy_not_trusted"},
      {"B67 Forwarded",
       kGet + kHost + "Forwarded: for=6.6.6.6\r\n\r\n",
       {403},
       "proxy_not_trusted"},
  });
  EXPECT_EQ(api().get("/api/stats").status, 200);
  OutsideDatabase db(service().layout().database());
  EXPECT_EQ(db.number("SELECT count(pk) FROM addresses WHERE address = '6.6.6.6'"), 0);
}

TEST_F(BadRequests, B67_a_proxy_that_the_settings_name_is_believed) {
  ServiceOptions options;
  options.environment["MODELKEEP_TRUSTED_PROXIES"] = "127.0.0.1";
  ASSERT_TRUE(start(options));
  EXPECT_EQ(api().get("/api/models", {{"X-Forwarded-For", "6.6.6.6"}}).status, 200);
  EXPECT_EQ(api().get("/api/stats").status, 200);
  OutsideDatabase db(service().layout().database());
  EXPECT_EQ(db.number("SELECT count(pk) FROM addresses WHERE address = '6.6.6.6'"), 1);
}

TEST_F(BadRequests, B68_a_claimed_sign_on_of_a_proxy_is_ignored) {
  const Answer answer = api().get("/api/models", {{"Remote-User", "root"}, {"X-Remote-User", "r"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(api().get("/api/stats").status, 200);
  OutsideDatabase db(service().layout().database());
  EXPECT_EQ(db.number("SELECT count(pk) FROM users WHERE name IN ('root', 'r')"), 0);
}

TEST_F(BadRequests, B58_a_delete_with_a_body_is_a_delete) {
  const RawAnswer answer =
      exchange(service().port(), plain_request("DELETE", "/api/models/test_tiny", kJson, "{}"));
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(model("test_tiny").status, 404);
}

}  // namespace
}  // namespace modelkeep::system_test
