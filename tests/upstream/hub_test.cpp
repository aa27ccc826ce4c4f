#include "upstream/hub.h"

#include <gtest/gtest.h>

#include "tests/support/scripted_transport.h"
#include "upstream/refusal.h"
#include "upstream/urls.h"

namespace modelkeep::upstream {
namespace {

const std::string kCommit(40, 'c');
const std::string kOid(40, 'a');
constexpr std::string_view kEndpoint = "https://hub.example/hf";

std::string info_of(const std::string& name) {
  return R"({"id":")" + name + R"(","sha":")" + kCommit + R"("})";
}

std::string page_of(const std::string& path) {
  return R"([{"type":"file","path":")" + path + R"(","oid":")" + kOid + R"(","size":1}])";
}

Result<Manifest> list(ScriptedTransport& transport, const std::string& revision = "main",
                      const std::string& token = "sesame") {
  Hub hub(transport, system_clock(), {.endpoint = std::string(kEndpoint)}, token);
  return hub.list_revision("acme/tiny", revision, nullptr);
}

TEST(Hub, lists_all_pages_of_the_pinned_commit) {
  ScriptedTransport transport([](const net::Request& request) -> ScriptedAnswer {
    if (request.url.find("/revision/") != std::string::npos) return {.body = info_of("acme/tiny")};
    if (request.url.find("cursor=2") != std::string::npos) return {.body = page_of("b")};
    return {.headers = {{"Link", R"(<https://hub.example/hf/next?cursor=2>; rel="next")"}},
            .body = page_of("a")};
  });
  const auto manifest = list(transport, "refs/pr/1");
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->files.size(), 2U);
  const auto& requests = transport.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].url, "https://hub.example/hf/api/models/acme/tiny/revision/refs%2Fpr%2F1");
  EXPECT_EQ(requests[1].url, "https://hub.example/hf/api/models/acme/tiny/tree/" + kCommit +
                                 "?recursive=true&expand=false");
  EXPECT_EQ(requests[2].bearer_token, "sesame");
}

TEST(Hub, asks_for_the_rest_under_the_name_that_a_repo_has_now) {
  ScriptedTransport transport([](const net::Request& request) -> ScriptedAnswer {
    if (request.url.find("/revision/") != std::string::npos)
      return {.body = info_of("acme/renamed")};
    return {.body = page_of("a")};
  });
  const auto manifest = list(transport);
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->info.canonical_name, "acme/renamed");
  EXPECT_NE(transport.requests()[1].url.find("/api/models/acme/renamed/tree/"), std::string::npos);
}

TEST(Hub, does_not_follow_a_list_to_another_host) {
  ScriptedTransport transport([](const net::Request& request) -> ScriptedAnswer {
    if (request.url.find("/revision/") != std::string::npos) return {.body = info_of("acme/tiny")};
    return {.headers = {{"Link", R"(<https://evil.example/next>; rel="next")"}},
            .body = page_of("a")};
  });
  const auto manifest = list(transport);
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().code, codes::upstream_manifest_rejected);
  EXPECT_EQ(transport.requests().size(), 2U);
}

TEST(Hub, does_not_walk_in_circles) {
  ScriptedTransport transport([](const net::Request& request) -> ScriptedAnswer {
    if (request.url.find("/revision/") != std::string::npos) return {.body = info_of("acme/tiny")};
    return {.headers = {{"Link", "<" + request.url + R"(>; rel="next")"}}, .body = "[]"};
  });
  EXPECT_EQ(list(transport).error().code, codes::upstream_manifest_rejected);
}

TEST(Hub, gives_each_refusal_its_own_code) {
  struct Row {
    const char* what;
    int status;
    const char* error_code;
    const char* error_message;
    bool token;
    std::string_view expected;
    ErrorKind kind;
  };
  constexpr Row kRows[] = {
      {"missing, anonymous", 401, "RepoNotFound", "Repository not found", false,
       codes::upstream_auth_required, ErrorKind::unauthenticated},
      {"missing, with token", 404, "RepoNotFound", "Repository not found", true,
       codes::upstream_not_found, ErrorKind::not_found},
      {"gated, anonymous", 401, "GatedRepo", "restricted", false, codes::upstream_gated,
       ErrorKind::forbidden},
      {"gated, no access", 403, "GatedRepo", "restricted", true, codes::upstream_gated,
       ErrorKind::forbidden},
      {"bad token", 401, "", "Invalid credentials in Authorization header", true,
       codes::upstream_token_invalid, ErrorKind::unauthenticated},
      {"no such revision", 404, "RevisionNotFound", "Invalid rev id: nope", true,
       codes::revision_not_found, ErrorKind::not_found},
      {"disabled", 403, "", "Access to this resource is disabled.", true, codes::upstream_disabled,
       ErrorKind::forbidden},
      {"plain 403", 403, "", "", true, codes::upstream_auth_required, ErrorKind::forbidden},
      {"gone", 410, "", "", true, codes::upstream_not_found, ErrorKind::not_found},
      {"too many", 429, "", "", true, codes::upstream_rate_limited, ErrorKind::unavailable},
      {"500", 500, "", "", true, codes::upstream_unavailable, ErrorKind::unavailable},
      {"503", 503, "", "", true, codes::upstream_unavailable, ErrorKind::unavailable},
      {"408", 408, "", "", true, codes::upstream_unavailable, ErrorKind::unavailable},
      {"400", 400, "", "", true, codes::upstream_invalid, ErrorKind::invalid},
      {"304", 304, "", "", true, codes::upstream_invalid, ErrorKind::invalid},
  };
  for (const Row& row : kRows) {
    ScriptedTransport transport([&](const net::Request&) -> ScriptedAnswer {
      return {
          .status = row.status,
          .headers = {{"X-Error-Code", row.error_code}, {"X-Error-Message", row.error_message}}};
    });
    const auto refused = list(transport, "main", row.token ? "sesame" : "");
    ASSERT_FALSE(refused) << row.what;
    EXPECT_EQ(refused.error().code, row.expected) << row.what;
    EXPECT_EQ(refused.error().kind, row.kind) << row.what;
  }
}

TEST(Hub, hears_how_long_it_should_wait) {
  constexpr Time kNow{1'763'900'000'000};
  const auto wish = [&](int status, const char* name, const char* value) {
    net::ResponseHead head;
    head.status = status;
    head.headers.add(name, value);
    return wished_wait_s(head, kNow);
  };
  EXPECT_EQ(wish(429, "Retry-After", "42"), 42);
  EXPECT_EQ(wish(503, "Retry-After", "Sun, 23 Nov 2025 12:13:50 GMT"), 30);
  EXPECT_EQ(wish(429, "RateLimit", R"("api";r=0;t=10)"), 11);
  EXPECT_EQ(wish(429, "RateLimit", R"("api";r=3;t=10)"), std::nullopt);
  EXPECT_EQ(wish(429, "Retry-After", "soon"), std::nullopt);
}

TEST(Hub, makes_file_addresses_that_survive_odd_names) {
  EXPECT_EQ(file_url("http://h/hf/", "a/b", kCommit, "sub dir/we ird#name+100%.txt"),
            "http://h/hf/a/b/resolve/" + kCommit + "/sub%20dir/we%20ird%23name%2B100%25.txt");
}

TEST(Hub, says_in_its_own_words_what_failed_on_the_way) {
  const auto said = [](std::string_view code) {
    return as_upstream_error({ErrorKind::unavailable, code, "x", ""}).code;
  };
  EXPECT_EQ(said(codes::dns_failed), codes::upstream_dns_failed);
  EXPECT_EQ(said(codes::tls_failed), codes::upstream_tls_failed);
  EXPECT_EQ(said(codes::redirect_refused), codes::upstream_redirect_refused);
  EXPECT_EQ(said(codes::disk_full), codes::disk_full);
}

}  // namespace
}  // namespace modelkeep::upstream
