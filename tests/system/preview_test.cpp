// What a person is told before a byte moves, through nginx, the long pool and a fetcher.
#include <thread>

#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

class Preview : public RunningStore {
 protected:
  Answer look(const std::string& query) { return api().get("/api/preview?" + query); }
};

TEST_F(Preview, of_a_repo_moves_no_byte_and_is_counted_once) {
  ASSERT_TRUE(start());
  const std::int64_t before = total_requests();
  const Answer answer = look("model_name=test/formats");
  ASSERT_EQ(answer.status, 200) << answer.brief();
  EXPECT_EQ(answer.text("preview.suggested_ignore_patterns.0"), "*.bin");
  EXPECT_EQ(answer.size("preview.quants"), 2U);
  EXPECT_FALSE(answer.header("X-Request-Id").empty());
  EXPECT_EQ(hub().content_requests(), 0);
  EXPECT_EQ(total_requests() - before, 2) << "the preview and the first look at the figures";
  EXPECT_EQ(model("test_formats").status, 404);
}

TEST_F(Preview, and_the_download_it_suggests_leave_the_store_with_what_was_promised) {
  ASSERT_TRUE(start());
  const Answer answer = look("model_name=test/formats");
  ASSERT_TRUE(fetch("test/formats", R"("ignore_patterns":["*.bin"])"));
  EXPECT_EQ(model("test_formats").number("model.size_bytes"),
            answer.number("preview.suggested.size_bytes"));
  EXPECT_EQ(
      look("model_name=test/formats&ignore_patterns=*.bin").number("preview.selected.fetch_bytes"),
      0);
}

TEST_F(Preview, says_of_each_refusal_what_it_is) {
  ASSERT_TRUE(start());
  struct Row {
    const char* query;
    int status;
    const char* code;
  };
  constexpr Row kRows[] = {
      {"model_name=nobody/nothing", 404, "upstream_auth_required"},
      {"model_name=test/tiny&revision=nope", 404, "revision_not_found"},
      {"model_name=test/gated-listing", 403, "upstream_gated"},
      {"model_name=test/private", 404, "upstream_auth_required"},
      {"model_name=..", 400, "repo_id_invalid"},
      {"", 400, "field_missing"},
  };
  for (const Row& row : kRows) {
    const Answer answer = look(row.query);
    EXPECT_EQ(answer.status, row.status) << row.query << answer.brief();
    EXPECT_EQ(answer.code(), row.code) << row.query;
  }
}

TEST_F(Preview, of_an_upstream_that_is_away_says_so) {
  ASSERT_TRUE(start({.upstream = "http://127.0.0.1:1"}));
  const Answer answer = look("model_name=test/tiny");
  EXPECT_EQ(answer.status, 503) << answer.brief();
  EXPECT_EQ(answer.code(), "upstream_unavailable");
}

TEST_F(Preview, does_not_keep_a_delete_waiting) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  hub().add_fault(R"({"kind":"delay","call":"info","match":"test/medium","delay_ms":3000})");
  Client other(service().url());
  std::jthread slow([&] { other.get("/api/preview?model_name=test/medium"); });
  const Stopwatch since;
  EXPECT_EQ(api().remove("/api/models/test_tiny").status, 200);
  EXPECT_LT(since.ms(), 2'000);
}

}  // namespace
}  // namespace modelkeep::system_test
