// Whole downloads from a hub that behaves, and from one that refuses.
#include "tests/fetch/fetch_fixture.h"

namespace modelkeep::fetch {
namespace {

using standin::Call;

constexpr const char* kReader = "hf_standin0reader0000000000000000000000";
constexpr const char* kMember = "hf_standin0member0000000000000000000000";
constexpr const char* kOwner = "hf_standin0owner00000000000000000000000";

TEST_F(FetchTest, brings_a_model_into_its_folder_verified) {
  const auto download = bring("test/tiny");
  EXPECT_EQ(status_of(download), "ready");
  EXPECT_EQ(download.bytes_done, download.bytes_total);
  expect_whole("test_tiny", "test/tiny");
  const auto model = must(catalog::find_model(db(), "test_tiny"));
  EXPECT_EQ(text(model.status), "ready");
  EXPECT_EQ(text(model.integrity), "verified");
  EXPECT_TRUE(model.complete);
  EXPECT_EQ(model.commit, hub_->repos().find("test/tiny")->head()->commit);
  EXPECT_TRUE(staged().empty());
}

TEST_F(FetchTest, asks_once_for_each_file_and_never_sends_the_token_to_the_cdn) {
  token_ = kReader;
  EXPECT_EQ(status_of(bring("test/sharded")), "ready");
  const auto log = hub_->log();
  EXPECT_EQ(log.token_leaks, 0U);
  EXPECT_GT(log.count(Call::cdn), 0U);
  EXPECT_EQ(log.count(Call::resolve), hub_->repos().find("test/sharded")->head()->files.size());
  for (const auto& request : log.requests) EXPECT_EQ(request.accept_encoding, "identity");
}

TEST_F(FetchTest, keeps_odd_names_and_many_pages) {
  EXPECT_EQ(status_of(bring("test/odd-names")), "ready");
  expect_whole("test_odd-names", "test/odd-names");
  EXPECT_EQ(status_of(bring("test/many-files")), "ready");
  expect_whole("test_many-files", "test/many-files");
}

TEST_F(FetchTest, follows_old_names_and_keeps_the_one_that_was_asked_for) {
  EXPECT_EQ(status_of(bring("legacy-tiny")), "ready");
  EXPECT_EQ(must(catalog::find_model(db(), "legacy-tiny")).canonical_name, "test/tiny");
  EXPECT_EQ(status_of(bring("test/renamed-old")), "ready");
  EXPECT_EQ(must(catalog::find_model(db(), "test_renamed-old")).canonical_name, "test/renamed-new");
}

TEST_F(FetchTest, stores_the_same_bytes_of_two_models_once_and_fetches_them_once) {
  EXPECT_EQ(status_of(bring("test/medium")), "ready");
  const auto before = hub_->log().calls["cdn"].body_bytes;
  EXPECT_EQ(status_of(bring("test/twin-of-medium")), "ready");
  EXPECT_EQ(hub_->log().calls["cdn"].body_bytes, before);
  const auto one =
      must(posix_files().stat(layout().model_file("test_medium", "model.safetensors")));
  const auto other =
      must(posix_files().stat(layout().model_file("test_twin-of-medium", "model.safetensors")));
  EXPECT_EQ(one.inode, other.inode);
}

TEST_F(FetchTest, takes_any_kind_of_revision) {
  for (const char* revision : {"v1", "dev"}) {
    catalog::Asking asking{.name = "test/history", .revision = revision};
    EXPECT_EQ(status_of(bring(asking)), "ready") << revision;
  }
  EXPECT_EQ(status_of(bring(catalog::Asking{.name = "test/history", .revision = "nope"})),
            "failed revision_not_found");
}

TEST_F(FetchTest, takes_only_what_the_patterns_want) {
  EXPECT_EQ(status_of(bring(
                catalog::Asking{.name = "test/formats", .allow_patterns = {"*.json", "*.gguf"}})),
            "ready");
  const auto model = must(catalog::find_model(db(), "test_formats"));
  EXPECT_FALSE(model.complete);
  for (const auto& file : must(catalog::model_files(db(), model.pk))) {
    EXPECT_TRUE(file.path.ends_with(".json") || file.path.ends_with(".gguf")) << file.path;
  }
  EXPECT_EQ(status_of(bring(catalog::Asking{.name = "test/tiny", .allow_patterns = {"*.nothing"}})),
            "failed nothing_to_fetch");
}

TEST_F(FetchTest, says_of_each_refusal_what_it_is) {
  struct Row {
    const char* token;
    const char* model;
    const char* expected;
  };
  constexpr Row kRows[] = {
      {"", "test/gated", "failed upstream_gated"},
      {kReader, "test/gated", "failed upstream_gated"},
      {kMember, "test/gated", "ready"},
      {"", "test/gated-listing", "failed upstream_gated"},
      {"", "test/private", "failed upstream_auth_required"},
      {kReader, "test/private", "failed upstream_not_found"},
      {kOwner, "test/private", "ready"},
      {"", "nobody/nothing", "failed upstream_auth_required"},
      {kReader, "nobody/nothing", "failed upstream_not_found"},
      {"hf_unknown", "test/tiny", "failed upstream_token_invalid"},
      {kOwner, "test/disabled", "failed upstream_disabled"},
  };
  for (const Row& row : kRows) {
    token_ = row.token;
    const std::int64_t id = ask(row.model);
    const auto download = finish(id);
    EXPECT_EQ(status_of(download), row.expected) << row.model << " as " << row.token;
    must(catalog::delete_model(db(), download.model_id, system_clock().now()));
  }
  EXPECT_EQ(hub_->log().token_leaks, 0U);
}

TEST_F(FetchTest, F34_refuses_lists_with_names_or_sizes_that_cannot_be) {
  standin::add_hostile_catalog(hub_->repos());
  for (const char* name :
       {"dot-dot", "dot-dot-inside", "absolute", "empty-part", "backslash", "control", "newline",
        "bidi", "file-and-folder", "case-twins", "composed-twins", "git-folder", "store-folder",
        "long-name", "deep", "duplicate-path"}) {
    EXPECT_EQ(status_of(bring(std::string("hostile/") + name)), "failed upstream_path_rejected")
        << name;
  }
  for (const char* name :
       {"sum-past-64-bits", "size-past-64-bits", "size-negative", "size-fraction", "size-text",
        "no-path", "bad-digest", "million-files"}) {
    EXPECT_EQ(status_of(bring(std::string("hostile/") + name)), "failed upstream_manifest_rejected")
        << name;
  }
  for (const char* name : {"not-a-list", "bad-utf8", "deep-json"}) {
    EXPECT_EQ(status_of(bring(std::string("hostile/") + name)), "failed upstream_invalid") << name;
  }
  EXPECT_TRUE(must(storage::BlobStore(posix_files(), layout()).list()).empty());
}

}  // namespace
}  // namespace modelkeep::fetch
