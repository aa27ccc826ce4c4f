#include "catalog/revisions.h"

#include <gtest/gtest.h>

#include "catalog/ask.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

const std::string kFirst(40, 'c');
const std::string kSecond(40, 'd');
constexpr std::int64_t kHourMs = 3'600'000;

Caller ada() {
  return {"ada", "10.0.0.7"};
}

Result<Asked> update(TestStore& store, const std::string& id) {
  return ask_for_update(store.db(), id, ada(), store.now());
}

TEST(Update, queues_a_download_while_the_model_stays_ready) {
  TestStore store;
  store.ready_model("org/m", {TestStore::file("a", "1")});
  const Asked asked = must(update(store, "org_m"));
  EXPECT_EQ(asked.outcome, AskOutcome::queued);
  ASSERT_TRUE(asked.download);
  EXPECT_EQ(asked.download->revision, "main");
  EXPECT_TRUE(asked.download->in_folder);
  EXPECT_EQ(asked.model.status, ModelStatus::ready);
  EXPECT_EQ(must(update(store, "org_m")).outcome, AskOutcome::joined);
}

TEST(Update, that_fails_leaves_the_model_ready_and_may_be_asked_for_again) {
  TestStore store;
  store.ready_model("m", {TestStore::file("a", "1")});
  must(update(store, "m"));
  must(fail_download(store.db(), store.claim(),
                     {ErrorKind::not_found, codes::upstream_not_found, "gone", ""}, store.now()));
  EXPECT_EQ(must(find_model(store.db(), "m")).status, ModelStatus::ready);
  EXPECT_EQ(must(update(store, "m")).outcome, AskOutcome::queued);
}

TEST(Update, keeps_the_selection_of_the_folder) {
  TestStore store;
  Asking asking{.name = "m", .allow_patterns = {"*.json"}, .ignore_patterns = {"x*"}};
  must(ask_for_model(store.db(), asking, store.now()));
  const Claim claim = store.claim();
  ModelFacts facts;
  facts.commit = kFirst;
  must(save_facts(store.db(), claim, facts));
  must(
      save_plan(store.db(), claim, {.files = {TestStore::file("a.json", "1")}, .complete = false}));
  for (const auto status : {DownloadStatus::verifying, DownloadStatus::publishing})
    must(move_to(store.db(), claim, status));
  must(publish(store.db(), claim, TestStore::published({TestStore::file("a.json", "1")}),
               store.now()));
  const Asked asked = must(update(store, "m"));
  EXPECT_EQ(asked.download->allow_patterns, (std::vector<std::string>{"*.json"}));
  EXPECT_EQ(asked.download->ignore_patterns, (std::vector<std::string>{"x*"}));
}

TEST(Update, is_refused_where_nothing_can_be_newer) {
  TestStore store;
  EXPECT_EQ(code_of(update(store, "m")), codes::model_not_found);
  store.ask("m");
  EXPECT_EQ(code_of(update(store, "m")), codes::state_conflict);
  store.finish(store.claim(), {TestStore::file("a", "1")});
  store.ask("pinned", "ada", kFirst);
  store.finish(store.claim(), {TestStore::file("a", "1")});
  EXPECT_EQ(code_of(update(store, "pinned")), codes::state_conflict);
}

TEST(Revisions, one_is_removed_unless_the_folder_shows_it) {
  TestStore store;
  store.ready_model("m", {TestStore::file("a", "main")});
  store.ask("m", "ada", "v2");
  store.finish(store.claim(), {TestStore::file("a", "two")}, kSecond);
  const Model model = must(find_model(store.db(), "m"));
  EXPECT_EQ(code_of(delete_revision(store.db(), model, kFirst, store.now())),
            codes::state_conflict);
  EXPECT_EQ(code_of(delete_revision(store.db(), model, std::string(40, 'e'), store.now())),
            codes::revision_not_found);
  must(delete_revision(store.db(), model, kSecond, store.now()));
  EXPECT_EQ(must(model_revisions(store.db(), model.pk)).size(), 1u);
  EXPECT_FALSE(must(find_revision(store.db(), model.pk, "v2")));
  const auto removals = must(pending_removals(store.db()));
  ASSERT_EQ(removals.size(), 1u);
  EXPECT_EQ(removals[0].kind, "revision");
  EXPECT_EQ(removals[0].commit, kSecond);
  EXPECT_EQ(store.ask("m", "ada", "v2").outcome, AskOutcome::queued);
}

TEST(Revisions, a_download_is_widened_by_what_is_stored_of_its_commit) {
  TestStore store;
  store.ready_model("m", {TestStore::file("a", "1")});
  must(ask_for_model(store.db(), {.name = "m", .revision = "v1", .allow_patterns = {"*.json"}},
                     store.now()));
  const Claim claim = store.claim();
  EXPECT_EQ(must(widen_to_stored(store.db(), claim, kSecond)).allow_patterns.size(), 1u);
  EXPECT_TRUE(must(widen_to_stored(store.db(), claim, kFirst)).allow_patterns.empty());
  EXPECT_EQ(code_of(check_claim(store.db(), claim)), "");
}

TEST(Lookout, is_due_for_names_that_can_move_and_not_before_its_time) {
  TestStore store;
  store.ready_model("org/m", {TestStore::file("a", "1")});
  store.ask("pinned", "ada", kSecond);
  store.finish(store.claim(), {TestStore::file("a", "1")}, kSecond);
  const Time now = store.now();
  EXPECT_FALSE(must(next_lookout(store.db(), now)));
  const Time later{now.ms + kHourMs};
  const auto due = must(next_lookout(store.db(), later));
  ASSERT_TRUE(due);
  EXPECT_EQ(due->name, "org/m");
  EXPECT_EQ(due->revision, "main");
  must(save_look(store.db(), *due, kFirst, "\"e\"", later));
  EXPECT_FALSE(must(next_lookout(store.db(), later)));
  EXPECT_EQ(must(next_lookout(store.db(), Time{later.ms + 1}))->etag, "\"e\"");
}

TEST(Lookout, shows_a_newer_commit_until_it_is_fetched) {
  TestStore store;
  store.ready_model("m", {TestStore::file("a", "1")});
  const Time later{store.now().ms + kHourMs};
  const auto due = must(next_lookout(store.db(), later));
  const std::int64_t version = must(find_model(store.db(), "m")).version;
  must(save_look(store.db(), *due, kSecond, "", later));
  Model model = must(find_model(store.db(), "m"));
  EXPECT_EQ(model.newer_commit, kSecond);
  EXPECT_EQ(model.newer_seen_at, later);
  EXPECT_GT(model.version, version);
  must(save_look(store.db(), *due, std::nullopt, "", Time{later.ms + 1}));
  EXPECT_EQ(must(find_model(store.db(), "m")).newer_commit, kSecond) << "unchanged upstream";
  must(update(store, "m"));
  EXPECT_FALSE(must(next_lookout(store.db(), Time{later.ms + 2 * kHourMs}))) << "an update comes";
  store.finish(store.claim(), {TestStore::file("a", "2")}, kSecond);
  model = must(find_model(store.db(), "m"));
  EXPECT_EQ(model.newer_commit, "");
  EXPECT_EQ(model.commit, kSecond);
}

TEST(Lookout, forgets_a_newer_commit_that_upstream_took_back) {
  TestStore store;
  store.ready_model("m", {TestStore::file("a", "1")});
  const auto due = must(next_lookout(store.db(), Time{store.now().ms + kHourMs}));
  must(save_look(store.db(), *due, kSecond, "", store.now()));
  must(save_look(store.db(), *due, kFirst, "", store.now()));
  EXPECT_EQ(must(find_model(store.db(), "m")).newer_commit, "");
}

}  // namespace
}  // namespace modelkeep::catalog
