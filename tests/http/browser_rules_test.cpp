#include "http/browser_rules.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace modelkeep::http {
namespace {

std::string code_of(const Result<>& result) {
  return result ? "ok" : std::string{result.error().code};
}

struct HostRow {
  const char* host;
  bool allowed;
};

TEST(Host, B62_is_an_ip_literal_localhost_or_one_of_our_names) {
  const HostNames names{{"gpu1", "gpu1.lan"}};
  const std::vector<HostRow> rows{
      {"127.0.0.1:5000", true},
      {"10.0.0.7", true},
      {"[::1]:5000", true},
      {"[fe80::1]", true},
      {"localhost", true},
      {"LOCALHOST:80", true},
      {"localhost.", true},
      {"gpu1:5000", true},
      {"GPU1.lan", true},
      {"evil.example", false},
      {"127.0.0.1.evil.example", false},
      {"1.2.3", false},
      {"256.1.1.1", false},
      {"", false},
      {"[::1", false},
      {"[::1]x", false},
      {"[gpu1]", false},
      {"gpu1:", false},
      {"gpu1:99999", false},
      {"gpu1:80:80", false},
      {"localhost@evil.example", false},
      {"gpu1.evil.example", false},
      {"2130706433", false},
      {"0x7f.0.0.1", false},
  };
  for (const HostRow& row : rows) {
    Request request;
    request.host = row.host;
    EXPECT_EQ(check_host(request, names).has_value(), row.allowed) << row.host;
  }
}

struct OriginRow {
  const char* what;
  const char* origin;
  const char* sec_fetch_site;
  bool allowed;
};

TEST(Origin, B65_must_be_our_own_for_a_change) {
  const std::vector<OriginRow> rows{
      {"a program sends neither", "", "", true},
      {"our own page", "http://gpu1:5000", "same-origin", true},
      {"our own page behind TLS", "https://gpu1:5000", "same-origin", true},
      {"a name is compared without case", "http://GPU1:5000", "", true},
      {"the address bar", "", "none", true},
      {"a foreign page", "http://evil.example", "", false},
      {"a sandboxed page", "null", "", false},
      {"another port of this machine", "http://gpu1:8080", "", false},
      {"a longer name", "http://gpu1:5000.evil.example", "", false},
      {"cross-site without an origin", "", "cross-site", false},
      {"a sibling without an origin", "", "same-site", false},
      {"another scheme", "file://gpu1:5000", "", false},
  };
  for (const OriginRow& row : rows) {
    Request request;
    request.host = "gpu1:5000";
    request.origin = row.origin;
    request.sec_fetch_site = row.sec_fetch_site;
    EXPECT_EQ(code_of(check_origin(request)), row.allowed ? "ok" : "origin_forbidden") << row.what;
  }
}

TEST(ContentType, B16_of_a_body_is_json) {
  const std::vector<std::pair<const char*, bool>> rows{
      {"application/json", true},
      {"Application/JSON; charset=utf-8", true},
      {"application/json;charset=UTF-8", true},
      {"application/x-www-form-urlencoded", false},
      {"text/plain", false},
      {"multipart/form-data; boundary=x", false},
      {"application/json-patch+json", false},
      {"text/plain; application/json", false},
      {"", false},
  };
  for (const auto& [type, allowed] : rows) {
    Request request;
    request.body = "{}";
    request.content_type = type;
    EXPECT_EQ(code_of(check_content_type(request)), allowed ? "ok" : "media_type_unsupported")
        << type;
  }
}

TEST(ContentType, does_not_matter_without_a_body) {
  Request request;
  request.content_type = "text/plain";
  EXPECT_EQ(code_of(check_content_type(request)), "ok");
}

TEST(Headers, B74_that_stand_twice_are_refused) {
  Request request;
  EXPECT_EQ(code_of(check_headers(request)), "ok");
  request.repeated_header = "Origin";
  EXPECT_EQ(code_of(check_headers(request)), "header_duplicate");
}

TEST(ChangesState, is_false_for_reads_only) {
  EXPECT_FALSE(changes_state("GET"));
  EXPECT_FALSE(changes_state("HEAD"));
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    EXPECT_TRUE(changes_state(method));
}

}  // namespace
}  // namespace modelkeep::http
