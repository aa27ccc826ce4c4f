// What a person is told before anything is fetched, of a hub that behaves and of one that refuses.
#include "fetch/preview/preview.h"

#include "base/json.h"
#include "fetch/reserve.h"
#include "tests/fetch/fetch_fixture.h"

namespace modelkeep::fetch {
namespace {

constexpr json::Limits kLimits{64u << 20, 64, 8'000'000, 1u << 20, true};

class Preview : public FetchTest {
 protected:
  Result<std::string> ask_for(PreviewQuestion question) {
    if (question.revision.empty()) question.revision = "main";
    return make_preview(around_, db(), question, [] { return true; });
  }
  json::Document look(const PreviewQuestion& question) {
    return must(json::Document::parse(must(ask_for(question)), kLimits));
  }
  json::Document look(const char* name) { return look(PreviewQuestion{.model_name = name}); }
};

std::uint64_t number(json::Value value) {
  return value.as_uint().value_or(0);
}

TEST_F(Preview, names_the_commit_the_groups_and_what_is_left_out) {
  const auto document = look("test/formats");
  const json::Value preview = document.root();
  EXPECT_EQ(preview["commit"].as_string(), hub_->repos().find("test/formats")->head()->commit);
  EXPECT_EQ(preview["license"].as_string(), "mit");
  EXPECT_EQ(preview["format"].as_string(), "safetensors");
  EXPECT_EQ(preview["gated"].as_bool(), false);
  ASSERT_EQ(preview["suggested_ignore_patterns"].size(), 1U);
  EXPECT_EQ(preview["suggested_ignore_patterns"][std::size_t{0}].as_string(), "*.bin");
  EXPECT_LT(number(preview["suggested"]["size_bytes"]), number(preview["size_bytes"]));
  EXPECT_EQ(number(preview["selected"]["size_bytes"]), number(preview["size_bytes"]));
  ASSERT_EQ(preview["quants"].size(), 2U);
  EXPECT_EQ(preview["quants"][std::size_t{0}]["name"].as_string(), "Q4_K_M");
  std::uint64_t sum = 0;
  bool names_duplicates = false;
  for (std::size_t i = 0; i < preview["groups"].size(); ++i) {
    const json::Value group = preview["groups"][i];
    sum += number(group["size_bytes"]);
    if (group["format"].as_string() == "pytorch") {
      names_duplicates = group["duplicate_of"].as_string() == "safetensors";
    }
  }
  EXPECT_EQ(sum, number(preview["size_bytes"]));
  EXPECT_TRUE(names_duplicates);
}

TEST_F(Preview, moves_no_byte_and_makes_no_row) {
  look("test/formats");
  EXPECT_EQ(hub_->log().count(standin::Call::resolve), 0U);
  EXPECT_EQ(hub_->log().count(standin::Call::cdn), 0U);
  EXPECT_FALSE(must(catalog::find_model_named(db(), "test/formats")));
}

TEST_F(Preview, counts_what_is_stored_already_under_whatever_name) {
  EXPECT_EQ(status_of(bring("test/medium")), "ready");
  const auto document = look("test/twin-of-medium");
  const json::Value preview = document.root();
  EXPECT_GT(number(preview["stored_bytes"]), 8'000'000U);
  EXPECT_LT(number(preview["selected"]["fetch_bytes"]), 1'000U);
  const auto same = look("test/medium");
  EXPECT_EQ(number(same.root()["selected"]["fetch_bytes"]), 0U);
}

TEST_F(Preview, counts_by_the_patterns_that_are_given) {
  const auto document = look({.model_name = "test/formats", .allow_patterns = {"*.gguf"}});
  EXPECT_EQ(number(document.root()["selected"]["file_count"]), 2U);
}

TEST_F(Preview, takes_any_kind_of_revision) {
  const auto repo = hub_->repos().find("test/history");
  for (const std::string revision : {"v1", "dev", "refs/pr/1"}) {
    const auto document = look({.model_name = "test/history", .revision = revision});
    EXPECT_EQ(document.root()["commit"].as_string(), repo->resolve(revision)->commit) << revision;
  }
}

TEST_F(Preview, knows_the_disk_after_it_and_after_the_queue) {
  config_.reserve_now = [] { return std::optional(std::uint64_t{0}); };
  ask("test/medium");
  const auto document = look("test/tiny");
  const json::Value disk = document.root()["disk"];
  EXPECT_GT(number(disk["free_bytes"]), 0U);
  EXPECT_EQ(number(disk["free_bytes"]) - number(disk["after_bytes"]),
            number(document.root()["size_bytes"]));
  EXPECT_LE(number(disk["after_queue_bytes"]), number(disk["after_bytes"]));
  EXPECT_EQ(disk["fits"].as_bool(), true);
  config_.reserve_now = [] { return std::optional(std::uint64_t{1} << 60); };
  const auto full = look("test/tiny");
  EXPECT_EQ(full.root()["disk"]["fits"].as_bool(), false);
}

TEST_F(Preview, says_that_it_fits_exactly_when_the_promise_would_be_given) {
  const std::int64_t other = ask("test/formats");
  const auto claimed = must(catalog::claim_next_queued(db(), system_clock().now()));
  constexpr std::int64_t kPromised = 50'000'000;
  must(catalog::save_plan(db(), {other, claimed->epoch},
                          {.files = {{.path = "x",
                                      .size_bytes = kPromised,
                                      .sha256 = std::string(64, 'a'),
                                      .is_lfs = true}}}));
  config_.reserve_now = [] { return std::optional(std::uint64_t{0}); };
  must(reserve_space(around_, db(), row(other)));
  const std::uint64_t free = must(posix_files().space(layout().mount())).free_bytes;
  // What others do to this disk meanwhile stays far below these steps.
  for (const std::int64_t beside_both : {-30'000'000, 30'000'000}) {
    config_.reserve_now = [&] {
      return std::optional(free - static_cast<std::uint64_t>(kPromised + 8'400'000 + beside_both));
    };
    const bool fits = *look("test/medium").root()["disk"]["fits"].as_bool();
    EXPECT_EQ(fits, beside_both > 0);
    const std::int64_t id = ask("test/medium");
    EXPECT_TRUE(take_turn());
    EXPECT_EQ(status_of(row(id)), fits ? "ready" : "failed storage_insufficient");
  }
}

TEST_F(Preview, says_of_each_refusal_what_it_is) {
  const auto refusal = [this](const char* token, const char* name, const char* revision) {
    token_ = token;
    return code_of(ask_for({.model_name = name, .revision = revision}));
  };
  constexpr const char* kReader = "hf_standin0reader0000000000000000000000";
  EXPECT_EQ(refusal("", "nobody/nothing", "main"), "upstream_auth_required");
  EXPECT_EQ(refusal(kReader, "nobody/nothing", "main"), "upstream_not_found");
  EXPECT_EQ(refusal("", "test/private", "main"), "upstream_auth_required");
  EXPECT_EQ(refusal("", "test/gated-listing", "main"), "upstream_gated");
  EXPECT_EQ(refusal("", "test/tiny", "nope"), "revision_not_found");
  EXPECT_EQ(refusal("hf_unknown", "test/tiny", "main"), "upstream_token_invalid");
  config_.upstream.endpoint = "http://127.0.0.1:1";
  EXPECT_EQ(refusal("", "test/tiny", "main"), "upstream_unavailable");
}

TEST_F(Preview, of_a_gated_model_says_whether_its_files_are_open_to_us) {
  const auto closed = look("test/gated");
  EXPECT_EQ(closed.root()["gated"].as_bool(), true);
  EXPECT_EQ(closed.root()["accessible"].as_bool(), false);
  token_ = "hf_standin0member0000000000000000000000";
  const auto open = look("test/gated");
  EXPECT_EQ(open.root()["accessible"].as_bool(), true);
}

TEST_F(Preview, refuses_lists_that_cannot_become_files) {
  standin::add_hostile_catalog(hub_->repos());
  EXPECT_EQ(code_of(ask_for({.model_name = "hostile/dot-dot"})), "upstream_path_rejected");
}

}  // namespace
}  // namespace modelkeep::fetch
