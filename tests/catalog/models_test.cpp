#include "catalog/models.h"

#include <utility>

#include <gtest/gtest.h>

#include "catalog/settings.h"
#include "sqlite/transaction.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

TEST(Models, are_found_by_id_by_name_and_by_nothing_else) {
  TestStore store;
  store.ask("google/flan-t5-small");
  EXPECT_EQ(must(find_model(store.db(), "google_flan-t5-small")).name, "google/flan-t5-small");
  EXPECT_TRUE(must(find_model_named(store.db(), "google/flan-t5-small")));
  EXPECT_EQ(code_of(find_model(store.db(), "google/flan-t5-small")), codes::model_not_found);
  EXPECT_FALSE(must(find_model_named(store.db(), "Google/flan-t5-small")));
}

TEST(Models, take_status_only_between_ready_and_archived) {
  TestStore store;
  store.ask("waiting");
  const Claim claim = store.claim();
  EXPECT_EQ(code_of(update_model(store.db(), "waiting", {.status = ModelStatus::archived})),
            codes::state_conflict);
  store.finish(claim, {TestStore::file("a", "1")});
  EXPECT_EQ(code_of(update_model(store.db(), "waiting", {.status = ModelStatus::failed})),
            codes::field_invalid);
  EXPECT_EQ(must(update_model(store.db(), "waiting", {.status = ModelStatus::archived})).status,
            ModelStatus::archived);
}

TEST(Models, change_only_while_the_version_is_the_one_that_was_read) {
  TestStore store;
  const Model read = store.ask("a").model;
  const Model changed = must(update_model(store.db(), "a",
                                          {.description = "Small.",
                                           .tags = std::vector<std::string>{"t5", "nlp"},
                                           .pinned = true,
                                           .if_version = read.version}));
  EXPECT_EQ(changed.description, "Small.");
  EXPECT_EQ(changed.tags, (std::vector<std::string>{"t5", "nlp"}));
  EXPECT_TRUE(changed.pinned);
  EXPECT_GT(changed.version, read.version);
  EXPECT_EQ(code_of(update_model(store.db(), "a", {.pinned = false, .if_version = read.version})),
            codes::etag_mismatch);
}

TEST(Models, have_another_version_after_any_change_of_what_is_shown) {
  TestStore store;
  const Model model = store.ready_model("a", {TestStore::file("f", "1")});
  std::int64_t version = must(find_model_use(store.db(), "a")).version;
  const auto changes = [&](const std::string& sql) {
    auto writing = must(sqlite::WriteTransaction::begin(store.db()));
    must(store.db().execute(sql));
    must(writing.commit());
    const std::int64_t before =
        std::exchange(version, must(find_model_use(store.db(), "a")).version);
    return version != before;
  };
  EXPECT_TRUE(changes("UPDATE models SET license = 'mit'"));
  EXPECT_TRUE(changes("UPDATE revisions SET complete = 1 - complete"));
  EXPECT_TRUE(changes("UPDATE revision_files SET verified_at = 1"));
  EXPECT_TRUE(changes("DELETE FROM refs"));
  EXPECT_TRUE(
      changes("INSERT INTO refs (model_pk, name, revision_pk, resolved_at)"
              " SELECT model_pk, 'v1', pk, 1 FROM revisions"));
  EXPECT_TRUE(changes("DELETE FROM revisions"));
  EXPECT_FALSE(changes("UPDATE model_counters SET last_used_at = 7"));
}

TEST(Models, give_one_file_by_its_path) {
  TestStore store;
  const Model model = store.ready_model("a", {TestStore::file("dir/f.bin", "content")});
  EXPECT_EQ(must(find_model_file(store.db(), model.pk, "dir/f.bin")).sha256, sha256_hex("content"));
  EXPECT_EQ(code_of(find_model_file(store.db(), model.pk, "dir")), codes::file_not_found);
}

TEST(Settings, are_kept_and_cleared) {
  TestStore store;
  must(set_setting(store.db(), "pull_through", "on", "ada", store.now()));
  must(set_setting(store.db(), "pull_through", "off", "bob", store.now()));
  EXPECT_EQ(must(setting(store.db(), "pull_through")), "off");
  EXPECT_EQ(must(settings(store.db())).front().updated_by, "bob");
  must(clear_setting(store.db(), "pull_through"));
  EXPECT_FALSE(must(setting(store.db(), "pull_through")));
}

TEST(Heartbeats, keep_the_last_of_each) {
  TestStore store;
  must(beat(store.db(), "upstream", store.now(), "ok"));
  store.clock().advance_ms(1000);
  must(beat(store.db(), "upstream", store.now(), "ok"));
  const auto beats = must(heartbeats(store.db()));
  ASSERT_EQ(beats.size(), 1u);
  EXPECT_EQ(beats[0].seen_at, store.now());
}

}  // namespace
}  // namespace modelkeep::catalog
