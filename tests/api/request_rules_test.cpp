// What every route shares: addresses, methods, hosts, origins, names, bodies.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/api/api_fixture.h"

namespace modelkeep::api {
namespace {

TEST(Requests, of_no_route_are_404_and_counted) {
  ApiFixture api;
  for (const char* target : {"/api", "/api/", "/api/nothing", "/api/models/", "/api//models",
                             "/api/models/a/b", "/api/Models", "/", "/api/models/x/files"}) {
    EXPECT_EQ(api.get(target).code(), "route_not_found") << target;
  }
  EXPECT_EQ(api.get("/api/stats")["stats"]["total_requests"].as_int(), 9);
}

TEST(Requests, B61_of_a_wrong_method_are_405_with_allow) {
  ApiFixture api;
  const auto allow = [&](const std::string& method, const std::string& target) {
    const Answer answer = api.send({.method = method, .target = target});
    EXPECT_EQ(answer.status, 405) << method << " " << target;
    EXPECT_EQ(answer.code(), "method_not_allowed");
    return answer.headers.contains("Allow") ? answer.headers.at("Allow") : "";
  };
  EXPECT_EQ(allow("PATCH", "/api/models"), "GET, HEAD");
  EXPECT_EQ(allow("POST", "/api/models/gpt2"), "GET, HEAD, PUT, DELETE");
  EXPECT_EQ(allow("get", "/api/health"), "GET, HEAD");
  EXPECT_EQ(allow("OPTIONS", "/api/models"), "GET, HEAD");
  EXPECT_EQ(allow("GET", "/api/downloads/1/pause"), "POST");
  EXPECT_EQ(allow("DELETE", "/api/downloads/1"), "GET, HEAD, PATCH");
}

TEST(Requests, with_head_are_answered_like_get) {
  ApiFixture api;
  EXPECT_EQ(api.send({.method = "HEAD", .target = "/api/health"}).status, 200);
}

TEST(Requests, B62_for_a_foreign_host_are_421) {
  ApiFixture api;
  EXPECT_EQ(api.send({.target = "/api/models", .host = "evil.example"}).status, 421);
}

TEST(Requests, B65_of_another_page_change_nothing) {
  ApiFixture api;
  const std::string body = R"({"model_name":"gpt2"})";
  for (const char* origin : {"http://evil.example", "null", "http://127.0.0.1:8080"}) {
    const Answer answer = api.send(
        {.method = "POST", .target = "/api/models/download", .body = body, .origin = origin});
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.code(), "origin_forbidden") << origin;
  }
  EXPECT_EQ(api.send({.method = "POST",
                      .target = "/api/models/download",
                      .body = body,
                      .sec_fetch_site = "cross-site"})
                .code(),
            "origin_forbidden");
  EXPECT_EQ(api.get("/api/models")["total"].as_int(), 0);
  EXPECT_EQ(api.send({.method = "POST",
                      .target = "/api/models/download",
                      .body = body,
                      .origin = "http://127.0.0.1:5000",
                      .sec_fetch_site = "same-origin"})
                .status,
            202);
}

TEST(Requests, B67_through_an_unknown_proxy_are_refused) {
  ApiFixture api;
  EXPECT_EQ(api.send({.target = "/api/models", .forwarded = true}).code(), "proxy_not_trusted");
  api.services().gate.trusts_proxies = true;
  api.restart();
  EXPECT_EQ(api.send({.target = "/api/models", .forwarded = true}).status, 200);
}

TEST(Requests, B74_with_a_header_twice_are_refused) {
  ApiFixture api;
  const Answer answer = api.send({.target = "/api/models", .repeated_header = "Origin"});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.code(), "header_duplicate");
}

TEST(Requests, beyond_the_opened_scope_are_403) {
  ApiFixture api;
  api.services().gate.granted = auth::Scope::read;
  api.restart();
  EXPECT_EQ(api.ask("gpt2").code(), "scope_insufficient");
  EXPECT_EQ(api.del("/api/models/gpt2").code(), "scope_insufficient");
  EXPECT_EQ(api.get("/api/models").code(), "ok");
}

TEST(Requests, B32_B33_B34_with_a_broken_path_are_400) {
  ApiFixture api;
  for (const char* target :
       {"/api/models/%00", "/api/models/%zz", "/api/models/%c0%ae%c0%ae", "/api/models/%"}) {
    const Answer answer = api.get(target);
    EXPECT_EQ(answer.status, 400) << target;
    EXPECT_EQ(answer.code(), "path_invalid") << target;
  }
}

struct Named {
  const char* what;
  Sent sent;
  const char* username;
};

TEST(CallerName, comes_from_the_header_then_the_body_then_the_query) {
  const std::string body = R"({"model_name":"gpt2","username":"ben"})";
  const std::vector<Named> rows{
      {"nobody", {.target = "/api/models"}, "anonymous"},
      {"query", {.target = "/api/models?username=quinn"}, "quinn"},
      {"header", {.target = "/api/models", .username = "hugo"}, "hugo"},
      {"header before query", {.target = "/api/models?username=quinn", .username = "hugo"}, "hugo"},
      {"body", {.method = "POST", .target = "/api/models/download", .body = body}, "ben"},
      {"body before query",
       {.method = "POST", .target = "/api/models/download?username=q", .body = body},
       "ben"},
      {"header before body",
       {.method = "POST", .target = "/api/models/download", .body = body, .username = "hugo"},
       "hugo"},
      {"B73 markup is text", {.target = "/api/models", .username = "<script>"}, "<script>"},
  };
  for (const Named& row : rows) {
    ApiFixture api;
    api.send(row.sent);
    const Answer stats = api.get("/api/stats");
    EXPECT_EQ(stats["stats"]["recent_activity"][std::size_t{0}]["username"].as_string(),
              row.username)
        << row.what;
  }
}

TEST(CallerName, B73_that_breaks_the_rule_is_refused) {
  ApiFixture api;
  const std::string long_name(65, 'x');
  EXPECT_EQ(api.send({.target = "/api/models", .username = long_name}).code(), "username_invalid");
  EXPECT_EQ(api.get("/api/models?username=" + long_name).code(), "username_invalid");
  EXPECT_EQ(api.get("/api/models?username=a%0Ab").code(), "username_invalid");
  EXPECT_EQ(api.ask("gpt2", long_name).code(), "username_invalid");
  EXPECT_EQ(api.ask("gpt2", "a\\u0007b").code(), "username_invalid");
  EXPECT_EQ(api.get("/api/models")["total"].as_int(), 0);
}

struct BadBody {
  const char* what;
  std::string body;
  int status;
  const char* code;
};

TEST(Bodies, B01_to_B17_are_refused_by_name) {
  const std::string deep = R"({"model_name":)" + std::string(33, '[') + std::string(33, ']') + "}";
  std::string members = R"({"model_name":"gpt2")";
  for (int i = 0; i < 1'001; ++i) members += ",\"k" + std::to_string(i) + "\":1";
  members += "}";
  const std::vector<BadBody> rows{
      {"B01 empty", "", 400, "json_invalid"},
      {"B02 a list", "[]", 400, "field_type"},
      {"B03 null", "null", 400, "field_type"},
      {"B04 broken UTF-8", "{\"model_name\":\"\xff\"}", 400, "json_invalid"},
      {"B05 33 deep", deep, 400, "json_too_deep"},
      {"B06 duplicate", R"({"model_name":"a","model_name":"b"})", 400, "json_duplicate_key"},
      {"B07 BOM", "\xef\xbb\xbf{\"model_name\":\"gpt2\"}", 400, "json_invalid"},
      {"B08 NUL escape", R"({"model_name":"a\u0000b"})", 400, "field_invalid"},
      {"B09 raw NUL", std::string("{\"model_name\":\"gpt2\"}\0x", 23), 400, "json_invalid"},
      {"B10 lone surrogate", R"({"model_name":"\ud800"})", 400, "json_invalid"},
      {"B11 1e400", R"({"model_name":1e400})", 400, "json_invalid"},
      {"B11 NaN", R"({"model_name":NaN})", 400, "json_invalid"},
      {"B12 comment", R"({"model_name":"gpt2"/* */})", 400, "json_invalid"},
      {"B12 trailing comma", R"({"model_name":"gpt2",})", 400, "json_invalid"},
      {"B14 long string", R"({"model_name":")" + std::string(5 * 1024, 'a') + "\"}", 400,
       "json_too_large"},
      {"B15 1,001 members", members, 400, "json_too_large"},
      {"B17 missing", "{}", 400, "field_missing"},
      {"B17 number", R"({"model_name":7})", 400, "field_type"},
      {"B17 empty", R"({"model_name":""})", 400, "repo_id_invalid"},
      {"B17 spaces", R"({"model_name":"  "})", 400, "repo_id_invalid"},
      {"half a document", R"({"model_name":)", 400, "json_invalid"},
      {"two documents", R"({"model_name":"gpt2"}{})", 400, "json_invalid"},
      {"wait is no text", R"({"model_name":"gpt2","wait":"yes"})", 400, "field_type"},
      {"patterns are a list", R"({"model_name":"gpt2","allow_patterns":"*"})", 400, "field_type"},
      {"patterns are texts", R"({"model_name":"gpt2","allow_patterns":[1]})", 400, "field_type"},
      {"no such priority", R"({"model_name":"gpt2","priority":"urgent"})", 400, "field_invalid"},
      {"an empty pattern", R"({"model_name":"gpt2","allow_patterns":[""]})", 400, "field_invalid"},
      {"a pattern of two lines", R"({"model_name":"gpt2","allow_patterns":["a\nb"]})", 400,
       "field_invalid"},
  };
  ApiFixture api;
  for (const BadBody& row : rows) {
    const Answer answer = api.post("/api/models/download", row.body);
    EXPECT_EQ(answer.status, row.status) << row.what;
    EXPECT_EQ(answer.code(), row.code) << row.what << " " << answer.text;
  }
  EXPECT_EQ(api.get("/api/models")["total"].as_int(), 0);
}

TEST(Bodies, B11_numbers_are_whole_and_in_range) {
  ApiFixture api;
  api.ask("gpt2");
  for (const char* number : {"1.5", "-1", "0", "18446744073709551616", "1e3", "-0", "\"1\""}) {
    const Answer answer = api.send({.method = "PATCH",
                                    .target = "/api/downloads/1",
                                    .body = std::string{R"({"position":)"} + number + "}"});
    EXPECT_EQ(answer.status, 400) << number;
  }
}

TEST(Bodies, B13_beyond_the_limit_are_413) {
  ApiFixture api;
  const Answer answer = api.send(
      {.method = "POST", .target = "/api/models/download", .body = "x", .body_too_large = true});
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.code(), "body_too_large");
}

TEST(Bodies, B16_that_are_no_json_are_415) {
  ApiFixture api;
  for (const char* type : {"application/x-www-form-urlencoded", "text/plain", ""}) {
    const Answer answer = api.send({.method = "POST",
                                    .target = "/api/models/download",
                                    .body = R"({"model_name":"gpt2"})",
                                    .content_type = type});
    EXPECT_EQ(answer.status, 415) << type;
    EXPECT_EQ(answer.code(), "media_type_unsupported") << type;
  }
}

TEST(Bodies, of_the_old_calls_may_have_members_that_nobody_knows) {
  ApiFixture api;
  EXPECT_EQ(api.post("/api/models/download", R"({"model_name":"gpt2","color":"red"})").status, 202);
}

}  // namespace
}  // namespace modelkeep::api
