#include "catalog/publish.h"

#include <gtest/gtest.h>

#include "catalog/ask.h"
#include "catalog/revisions.h"
#include "catalog/stats.h"
#include "sqlite/transaction.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

std::vector<std::string> sweepable(TestStore& store) {
  auto writing = must(sqlite::WriteTransaction::begin(store.db()));
  auto blobs = must(unreferenced_blobs(store.db()));
  must(forget_blobs(store.db(), blobs));
  must(settle_candidates(store.db()));
  must(writing.commit());
  return blobs;
}

TEST(Publish, makes_model_and_download_ready_in_one_step) {
  TestStore store;
  store.ask("gpt2");
  const Claim claim = store.claim();
  store.clock().advance_ms(5000);
  store.finish(claim, {TestStore::file("a.bin", "abc"), TestStore::file("b.txt", "de")});
  const Model model = must(find_model(store.db(), "gpt2"));
  EXPECT_EQ(model.status, ModelStatus::ready);
  EXPECT_EQ(model.integrity, Integrity::verified);
  EXPECT_TRUE(model.complete);
  EXPECT_EQ(model.size_bytes, 5);
  EXPECT_EQ(model.downloaded_at, store.now());
  EXPECT_EQ(model.commit, std::string(40, 'c'));
  EXPECT_EQ(must(model_files(store.db(), model.pk)).size(), 2u);
  const auto revisions = must(model_revisions(store.db(), model.pk));
  ASSERT_EQ(revisions.size(), 1u);
  EXPECT_EQ(revisions[0].refs, (std::vector<std::string>{"main"}));
  const Download download = must(find_download(store.db(), claim.download_id));
  EXPECT_EQ(download.status, DownloadStatus::ready);
  EXPECT_EQ(download.bytes_done, 5);
}

TEST(Publish, counts_each_blob_once_and_each_model_whole) {
  TestStore store;
  store.ready_model("a", {TestStore::file("x", "same"), TestStore::file("y", "1")});
  store.ready_model("b", {TestStore::file("z", "same")});
  const Totals sums = must(totals(store.db()));
  EXPECT_EQ(sums.total_models, 2);
  EXPECT_EQ(sums.total_size_bytes, 9);
  EXPECT_EQ(sums.stored_bytes, 5);
}

TEST(Publish, is_refused_to_one_who_lost_the_claim) {
  TestStore store;
  store.ask("gpt2");
  const Claim old = store.claim();
  must(requeue(store.db(), old));
  store.claim();
  EXPECT_EQ(code_of(publish(store.db(), old, {}, store.now())), codes::claim_lost);
  EXPECT_EQ(must(find_model(store.db(), "gpt2")).status, ModelStatus::downloading);
}

TEST(Publish, is_refused_when_more_was_asked_for_since_the_plan) {
  TestStore store;
  Asking asking;
  asking.name = "gpt2";
  asking.allow_patterns = {"a*"};
  must(ask_for_model(store.db(), asking, store.now()));
  const Claim claim = store.claim();
  must(save_plan(store.db(), claim, {}));
  must(move_to(store.db(), claim, DownloadStatus::verifying));
  must(move_to(store.db(), claim, DownloadStatus::publishing));
  store.ask("gpt2");
  EXPECT_EQ(code_of(publish(store.db(), claim, {}, store.now())), codes::plan_stale);
}

TEST(Publish, a_second_commit_of_the_same_branch_keeps_the_first_beside_it) {
  TestStore store;
  store.ask("gpt2");
  store.finish(store.claim(), {TestStore::file("a", "old"), TestStore::file("b", "same")});
  must(ask_for_update(store.db(), "gpt2", {"ada", "10.0.0.7"}, store.now()));
  store.finish(store.claim(), {TestStore::file("a", "fresh"), TestStore::file("b", "same")},
               std::string(40, 'd'));
  const Model model = must(find_model(store.db(), "gpt2"));
  EXPECT_EQ(model.commit, std::string(40, 'd'));
  const auto revisions = must(model_revisions(store.db(), model.pk));
  ASSERT_EQ(revisions.size(), 2u);
  EXPECT_TRUE(must(find_revision(store.db(), model.pk, "main"))->in_folder);
  EXPECT_TRUE(sweepable(store).empty());
  must(delete_revision(store.db(), model, std::string(40, 'c'), store.now()));
  EXPECT_EQ(sweepable(store), (std::vector<std::string>{sha256_hex("old")}));
  EXPECT_TRUE(sweepable(store).empty());
}

TEST(Publish, keeps_another_revision_beside_the_folder) {
  TestStore store;
  store.ready_model("gpt2", {TestStore::file("a", "main")});
  store.ask("gpt2", "ada", "v2");
  store.finish(store.claim(), {TestStore::file("a", "two")}, std::string(40, 'd'));
  const Model model = must(find_model(store.db(), "gpt2"));
  EXPECT_EQ(model.commit, std::string(40, 'c'));
  EXPECT_EQ(must(model_revisions(store.db(), model.pk)).size(), 2u);
  EXPECT_EQ(must(model_files(store.db(), model.pk)).front().sha256, sha256_hex("main"));
  EXPECT_EQ(must(find_revision(store.db(), model.pk, "v2"))->commit, std::string(40, 'd'));
  EXPECT_EQ(store.ask("gpt2", "bob", "v2").outcome, AskOutcome::already_there);
}

TEST(Publish, of_a_revision_that_someone_just_deleted_leaves_nothing_to_take_away) {
  TestStore store;
  const std::string commit(40, 'd');
  const Model model = store.ready_model("gpt2", {TestStore::file("a", "main")});
  store.ask("gpt2", "ada", "v2");
  store.finish(store.claim(), {TestStore::file("a", "two")}, commit);
  store.ask("gpt2", "ada", "v3");
  // Its folder is swapped in already when the older row of the same commit goes.
  must(delete_revision(store.db(), model, commit, store.now()));
  store.finish(store.claim(), {TestStore::file("a", "two")}, commit);
  EXPECT_TRUE(must(pending_removals(store.db())).empty());
}

TEST(Delete, frees_only_what_no_other_model_uses) {
  TestStore store;
  store.ready_model("a", {TestStore::file("x", "same"), TestStore::file("y", "alone")});
  store.ready_model("b", {TestStore::file("z", "same")});
  must(delete_model(store.db(), "a", store.now()));
  EXPECT_EQ(sweepable(store), (std::vector<std::string>{sha256_hex("alone")}));
  const Totals sums = must(totals(store.db()));
  EXPECT_EQ(sums.total_models, 1);
  EXPECT_EQ(sums.total_size_bytes, 4);
  EXPECT_EQ(sums.stored_bytes, 4);
}

TEST(Delete, tells_a_fetcher_what_to_take_away) {
  TestStore store;
  store.ready_model("org/a", {TestStore::file("x", "1")});
  must(delete_model(store.db(), "org_a", store.now()));
  const auto removals = must(pending_removals_of(store.db(), "ORG_A"));
  ASSERT_EQ(removals.size(), 1u);
  EXPECT_EQ(removals[0].kind, "model");
  EXPECT_EQ(removals[0].model_name, "org/a");
  must(finish_removal(store.db(), removals[0].id));
  EXPECT_TRUE(must(pending_removals(store.db())).empty());
}

TEST(Delete, during_a_download_stops_its_fetcher) {
  TestStore store;
  store.ask("a");
  const Claim claim = store.claim();
  must(delete_model(store.db(), "a", store.now()));
  EXPECT_EQ(code_of(check_claim(store.db(), claim)), codes::claim_lost);
  EXPECT_EQ(must(find_download(store.db(), claim.download_id)).status, DownloadStatus::cancelled);
}

TEST(Sweep, leaves_what_an_unfinished_download_has_planned) {
  TestStore store;
  store.ready_model("a", {TestStore::file("x", "same")});
  must(delete_model(store.db(), "a", store.now()));
  store.ask("b");
  const Claim claim = store.claim();
  Plan plan;
  plan.files = {TestStore::file("y", "same")};
  must(save_plan(store.db(), claim, plan));
  EXPECT_TRUE(sweepable(store).empty());
  must(cancel_download(store.db(), claim.download_id, store.now()));
  EXPECT_EQ(sweepable(store), (std::vector<std::string>{sha256_hex("same")}));
}

}  // namespace
}  // namespace modelkeep::catalog
