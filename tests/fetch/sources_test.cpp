// Mirrors, and the Hub's wish to be left alone, of whole downloads.
#include "fetch/preview/preview.h"
#include "tests/fetch/fetch_fixture.h"
#include "upstream/polite_transport.h"

namespace modelkeep::fetch {
namespace {

using standin::Call;

class Mirrors : public FetchTest {
 protected:
  void SetUp() override {
    FetchTest::SetUp();
    mirror_ = must(standin::StandinHub::start());
    standin::add_test_catalog(mirror_->repos());
    config_.mirrors.push_back(config_.upstream);
    config_.mirrors.back().endpoint = mirror_->url();
    config_.retry = {.base_ms = 10, .ceiling_ms = 20, .tries_max = 3};
    token_ = "hf_standin0owner00000000000000000000000";
  }
  void hub_fails(std::string_view more) {
    fault(R"({"kind":"status","status":503,"times":-1)" + std::string(more) + "}");
  }
  std::unique_ptr<standin::StandinHub> mirror_;
};

TEST_F(Mirrors, are_left_alone_while_the_hub_answers) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  EXPECT_TRUE(mirror_->log().requests.empty());
}

TEST_F(Mirrors, bring_what_the_hub_cannot_and_see_no_token) {
  hub_fails("");
  EXPECT_EQ(status_of(bring("test/sharded")), "ready");
  expect_whole("test_sharded", "test/sharded");
  for (const auto& request : mirror_->log().requests) EXPECT_FALSE(request.had_authorization);
}

TEST_F(Mirrors, are_tried_when_the_hub_cannot_be_reached_at_all) {
  config_.upstream.endpoint = "http://127.0.0.1:1";
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
}

TEST_F(Mirrors, are_tried_in_their_order) {
  hub_fails("");
  auto dead = config_.mirrors.front();
  dead.endpoint = "http://127.0.0.1:1";
  config_.mirrors.insert(config_.mirrors.begin(), dead);
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
}

TEST_F(Mirrors, open_nothing_that_the_hub_keeps_closed) {
  token_ = "";
  EXPECT_EQ(status_of(bring("test/gated-listing")), "failed upstream_gated");
  EXPECT_EQ(status_of(bring("nobody/nothing")), "failed upstream_auth_required");
  EXPECT_EQ(status_of(bring(catalog::Asking{.name = "test/tiny", .revision = "nope"})),
            "failed revision_not_found");
  EXPECT_TRUE(mirror_->log().requests.empty());
}

TEST_F(Mirrors, go_on_where_the_hub_broke_off_at_the_same_commit) {
  hub_fails(R"(,"call":"cdn","match":"test/medium")");
  mirror_->repos().change("test/medium", standin::with_a_new_commit);
  EXPECT_EQ(status_of(bring("test/medium")), "ready");
  EXPECT_EQ(must(catalog::find_model(db(), "test_medium")).commit,
            hub_->repos().find("test/medium")->head()->commit)
      << "the mirror is ahead, and that does not matter";
  expect_whole("test_medium", "test/medium");
}

/// The same commit in name, with another file under one of its paths.
standin::Repo forged(const standin::Repo& repo) {
  standin::Repo other = repo;
  for (auto& revision : other.history) {
    standin::Revision copy = *revision;
    copy.files.front() = copy.files.back();
    revision = std::make_shared<const standin::Revision>(std::move(copy));
  }
  return other;
}

TEST_F(Mirrors, that_list_another_content_under_the_hubs_commit_are_not_believed) {
  hub_fails(R"(,"call":"cdn","match":"test/medium")");
  mirror_->repos().change("test/medium", forged);
  EXPECT_EQ(status_of(bring("test/medium")), "failed upstream_unavailable");
  EXPECT_EQ(mirror_->log().count(Call::resolve), 0U);
}

TEST_F(Mirrors, that_lack_the_commit_are_passed_over) {
  hub_fails(R"(,"call":"cdn","match":"test/medium")");
  mirror_->repos().forget("test/medium");
  const std::int64_t id = ask("test/medium");
  EXPECT_EQ(status_of(finish(id)), "failed upstream_unavailable");
  EXPECT_EQ(mirror_->log().count(Call::cdn), 0U);
}

TEST_F(Mirrors, with_wrong_bytes_publish_none_of_them) {
  hub_fails("");
  must(mirror_->add_faults(R"({"kind":"flip","match":"model.safetensors","times":-1})"));
  EXPECT_NE(status_of(bring("test/medium")), "ready");
  EXPECT_EQ(read("test_medium", "model.safetensors"), "(absent)");
}

TEST_F(Mirrors, answer_previews_too) {
  hub_fails("");
  EXPECT_EQ(code_of(make_preview(around_, db(), {.model_name = "test/tiny", .revision = "main"},
                                 [] { return true; })),
            "");
}

class Courtesy : public FetchTest {
 protected:
  /// Of a hub that counts requests.
  void count_requests(standin::Quota::Limits quota) {
    hub_ = must(standin::StandinHub::start({.quota = quota}));
    standin::add_test_catalog(hub_->repos());
    config_.upstream.endpoint = hub_->url();
    const auto limits = must(upstream::RateLimits::open(mount_.path() + "/limits"));
    around_.open_transport = [this, limits]() -> Result<std::unique_ptr<net::Transport>> {
      auto transport = TRY(upstream::make_transport(config_.upstream));
      return upstream::make_polite(std::move(transport), limits, system_clock(), hub_->url());
    };
  }
  std::size_t refused() {
    std::size_t count = 0;
    for (const auto& request : hub_->log().requests) count += request.status == 429 ? 1 : 0;
    return count;
  }
};

TEST_F(Courtesy, a_used_up_window_makes_downloads_wait_without_a_refusal) {
  count_requests({.api = 2, .window_s = 60});
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  const std::int64_t id = ask("test/medium");
  take_turn();
  const auto waiting = row(id);
  EXPECT_EQ(text(waiting.status), "queued");
  EXPECT_EQ(text(waiting.wait_reason), "rate_limited");
  EXPECT_GT(waiting.not_before.ms, system_clock().now().ms + 30'000) << "until the window ends";
  EXPECT_EQ(refused(), 0U);
}

TEST_F(Courtesy, many_files_come_over_several_windows) {
  count_requests({.resolvers = 12, .window_s = 1});
  EXPECT_EQ(status_of(bring("test/formats")), "ready");
  EXPECT_EQ(status_of(bring("test/odd-names")), "ready");
  EXPECT_EQ(status_of(bring("test/sharded")), "ready");
  expect_whole("test_sharded", "test/sharded");
}

}  // namespace
}  // namespace modelkeep::fetch
