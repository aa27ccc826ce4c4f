#include <string>

#include <gtest/gtest.h>

#include "tests/api/api_fixture.h"

namespace modelkeep::api {
namespace {

/// In the pool that answers it, with a fetcher that keeps what it was asked.
struct LongPool {
  LongPool() {
    api.services().is_long_pool = true;
    api.services().preview = [this](const fetch::PreviewQuestion& asked) -> Result<std::string> {
      question = asked;
      if (refusal) return tl::unexpected{*refusal};
      return R"({"commit":"c"})";
    };
    api.restart();
  }
  ApiFixture api;
  fetch::PreviewQuestion question;
  std::optional<Error> refusal;
};

TEST(PreviewModel, goes_to_the_long_pool_uncounted) {
  ApiFixture api;
  api.services().is_long_pool = false;
  api.restart();
  const Answer answer = api.get("/api/preview?model_name=gpt2");
  EXPECT_EQ(answer.headers.at("X-Accel-Redirect"), "@long");
  EXPECT_EQ(api.get("/api/stats")["stats"]["total_requests"].as_int(), 0);
}

TEST(PreviewModel, is_what_a_fetcher_found_out) {
  LongPool pool;
  const Answer answer = pool.api.get(
      "/api/preview?model_name=org/m&revision=refs%2Fpr%2F1"
      "&allow_patterns=*.json&allow_patterns=a+b&ignore_patterns=x");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer["success"].as_bool(), true);
  EXPECT_EQ(answer["preview"]["commit"].as_string(), "c");
  EXPECT_EQ(pool.question.model_name, "org/m");
  EXPECT_EQ(pool.question.revision, "refs/pr/1");
  EXPECT_EQ(pool.question.allow_patterns, (std::vector<std::string>{"*.json", "a b"}));
  EXPECT_EQ(pool.question.ignore_patterns, (std::vector<std::string>{"x"}));
}

TEST(PreviewModel, takes_main_unless_told_otherwise) {
  LongPool pool;
  pool.api.get("/api/preview?model_name=gpt2");
  EXPECT_EQ(pool.question.revision, "main");
}

TEST(PreviewModel, refuses_wrong_input_before_anyone_is_asked) {
  ApiFixture api;
  struct Row {
    const char* query;
    const char* code;
  };
  constexpr Row kRows[] = {
      {"", "field_missing"},
      {"?model_name=", "repo_id_invalid"},
      {"?model_name=a/b/c", "repo_id_invalid"},
      {"?model_name=https://huggingface.co/gpt2", "repo_id_invalid"},
      {"?model_name=gpt2&revision=..", "revision_invalid"},
      {"?model_name=gpt2&model_name=gpt2", "query_duplicate"},
      {"?model_name=gpt2&ignore_patterns=", "field_invalid"},
      {"?model_name=gpt2&allow_patterns=a%0Ab", "field_invalid"},
  };
  for (const Row& row : kRows)
    EXPECT_EQ(api.get(std::string("/api/preview") + row.query).code(), row.code) << row.query;
}

TEST(PreviewModel, gives_each_refusal_of_upstream_its_own_status_and_code) {
  struct Row {
    ErrorKind kind;
    std::string_view code;
    int status;
  };
  constexpr Row kRows[] = {
      {ErrorKind::not_found, codes::upstream_not_found, 404},
      {ErrorKind::unauthenticated, codes::upstream_auth_required, 404},
      {ErrorKind::not_found, codes::revision_not_found, 404},
      {ErrorKind::forbidden, codes::upstream_gated, 403},
      {ErrorKind::forbidden, codes::upstream_disabled, 403},
      {ErrorKind::unauthenticated, codes::upstream_token_invalid, 502},
      {ErrorKind::unavailable, codes::upstream_unavailable, 503},
      {ErrorKind::unavailable, codes::upstream_rate_limited, 503},
      {ErrorKind::unavailable, codes::fetcher_unavailable, 503},
      {ErrorKind::unavailable, codes::upstream_invalid, 502},
      {ErrorKind::invalid, codes::upstream_manifest_rejected, 502},
      {ErrorKind::invalid, codes::upstream_path_rejected, 502},
  };
  for (const Row& row : kRows) {
    LongPool pool;
    pool.refusal = Error{row.kind, row.code, "A sentence.", {}};
    const Answer answer = pool.api.get("/api/preview?model_name=gpt2");
    EXPECT_EQ(answer.status, row.status) << row.code;
    EXPECT_EQ(answer.code(), row.code);
    EXPECT_EQ(answer["error"].as_string(), "A sentence.");
  }
}

}  // namespace
}  // namespace modelkeep::api
