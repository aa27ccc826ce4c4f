// What nginx puts on every answer, whichever location it came from, and that its own errors are
// those of the API.
#include <string>
#include <vector>

#include "tests/system/raw_http.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

class ResponseHeaders : public RunningStore {
 protected:
  void SetUp() override {
    ASSERT_TRUE(start());
    ASSERT_TRUE(fetch("test/tiny"));
  }
  static std::size_t times(const std::string& head, const std::string& name) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = head.find("\n" + name + ":", at)) != std::string::npos; ++at) {
      ++found;
    }
    return found;
  }
  RawAnswer raw(const std::string& target, const std::string& lines = {}) {
    return exchange(service().port(), plain_request("GET", target, lines));
  }
};

TEST_F(ResponseHeaders, protect_every_kind_of_answer_and_stand_there_once) {
  const std::vector<std::string> targets = {"/",
                                            "/models/test_tiny",
                                            "/assets/app-0123abcd.js",
                                            "/assets/none.js",
                                            "/favicon.ico",
                                            "/api/health",
                                            "/api/models",
                                            "/api/models/test_tiny",
                                            "/api/models/none",
                                            "/api/downloads",
                                            "/api/stats",
                                            "/api/openapi.json",
                                            "/api/none",
                                            "/api",
                                            "/api/",
                                            "/api/models/test_tiny/files/config.json",
                                            "/api/models/test_tiny/files/none",
                                            "/hf/x",
                                            "/hf/api/models",
                                            "/hf/test/tiny/resolve/main/config.json",
                                            "/hf/test/tiny/resolve/main/none",
                                            "/metrics",
                                            "/internal/blobs/aa/bb",
                                            "/_e/404",
                                            "/%00",
                                            "/" + std::string(9'000, 'a')};
  for (const std::string& target : targets) {
    const RawAnswer answer = raw(target);
    const std::string label = target.substr(0, 60) + " " + std::to_string(answer.status);
    EXPECT_GT(answer.status, 0) << label;
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff") << label;
    EXPECT_EQ(answer.header("Cross-Origin-Resource-Policy"), "same-origin") << label;
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer") << label;
    EXPECT_NE(answer.header("Content-Security-Policy").find("frame-ancestors 'none'"),
              std::string::npos)
        << label;
    EXPECT_EQ(answer.header("X-Request-Id").size(), 32U) << label;
    EXPECT_EQ(answer.header("Server"), "nginx") << label;
    EXPECT_TRUE(answer.header("Access-Control-Allow-Origin").empty()) << label;
    for (const char* name : {"X-Content-Type-Options", "Content-Security-Policy", "X-Request-Id",
                             "Cache-Control", "Content-Type"}) {
      EXPECT_LE(times(answer.head, name), 1U) << name << " of " << label;
    }
  }
}

TEST_F(ResponseHeaders, a_file_of_a_model_is_an_attachment_without_rights) {
  const RawAnswer answer = raw("/api/models/test_tiny/files/config.json");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/octet-stream");
  EXPECT_TRUE(answer.header("Content-Disposition").starts_with("attachment"));
  EXPECT_NE(answer.header("Content-Security-Policy").find("sandbox"), std::string::npos);
}

TEST_F(ResponseHeaders, pages_are_asked_for_again_and_hashed_assets_never) {
  EXPECT_EQ(raw("/").header("Cache-Control"), "no-cache");
  EXPECT_EQ(raw("/models/x").status, 200) << "every path is a view of the one page";
  EXPECT_NE(raw("/assets/app-0123abcd.js").header("Cache-Control").find("immutable"),
            std::string::npos);
  EXPECT_EQ(raw("/assets/app-0123abcd.js").header("Content-Type"), "text/javascript");
  EXPECT_EQ(raw("/assets/none.js").status, 404);
  EXPECT_EQ(raw("/api/models").header("Cache-Control"), "no-store");
}

TEST_F(ResponseHeaders, the_id_of_the_request_is_the_one_in_the_body_of_an_error) {
  const RawAnswer answer = raw("/api/models/none");
  EXPECT_EQ(answer.status, 404);
  EXPECT_NE(answer.body.find("\"request_id\":\"" + answer.header("X-Request-Id") + "\""),
            std::string::npos);
}

TEST_F(ResponseHeaders, errors_that_nginx_makes_have_the_shape_of_the_api) {
  const std::vector<std::pair<std::string, int>> requests = {
      {"GET /%00 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", 400},
      {"GET /api/" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 414},
      {"GET /api/models HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + std::string(9'000, 'a') +
           "\r\n\r\n",
       400},
      {"POST /api/models/download HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999\r\n\r\n",
       413},
      {"GET /api/models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 421},
      {"GET /api/models HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
  };
  for (const auto& [request, status] : requests) {
    const RawAnswer answer = exchange(service().port(), request);
    EXPECT_EQ(answer.status, status) << request.substr(0, 60);
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json") << request.substr(0, 60);
    EXPECT_FALSE(answer.code().empty()) << request.substr(0, 60) << answer.body;
    EXPECT_NE(answer.body.find("\"success\":false"), std::string::npos);
    EXPECT_NE(answer.body.find("\"request_id\":\""), std::string::npos);
  }
}

}  // namespace
}  // namespace modelkeep::system_test
