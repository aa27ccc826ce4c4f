#include "catalog/queue.h"

#include <gtest/gtest.h>

#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

TEST(Queue, gives_each_row_to_one_claim) {
  TestStore store;
  store.ask("a");
  store.ask("b");
  sqlite::Connection other = store.another();
  const auto first = must(claim_next_queued(store.db(), store.now()));
  const auto second = must(claim_next_queued(other, store.now()));
  EXPECT_NE(first->id, second->id);
  EXPECT_EQ(first->epoch, 1);
  EXPECT_EQ(first->attempts, 1);
  EXPECT_FALSE(must(claim_next_queued(store.db(), store.now())));
}

TEST(Queue, gives_back_what_a_dead_holder_left_and_fences_it_off) {
  TestStore store;
  store.ask("a");
  const Claim dead = store.claim();
  EXPECT_EQ(must(running_downloads(store.db())).size(), 1u);
  EXPECT_TRUE(must(requeue(store.db(), dead)));
  EXPECT_FALSE(must(requeue(store.db(), dead)));
  const Claim next = store.claim();
  EXPECT_EQ(next.epoch, dead.epoch + 1);
  EXPECT_EQ(code_of(move_to(store.db(), dead, DownloadStatus::downloading)), codes::claim_lost);
  EXPECT_EQ(code_of(fail_download(store.db(), dead, {}, store.now())), codes::claim_lost);
}

TEST(Queue, is_planned_ahead_in_its_order_and_each_once) {
  TestStore store;
  const auto first = store.ask("a").download->id;
  store.ask("b");
  const auto claimed = must(claim_unplanned(store.db(), store.now()));
  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->id, first);
  EXPECT_EQ(claimed->attempts, 0);
  Plan plan;
  plan.files = {TestStore::file("f", "12345")};
  must(save_plan(store.db(), {claimed->id, claimed->epoch}, plan));
  EXPECT_TRUE(must(requeue(store.db(), {claimed->id, claimed->epoch})));
  EXPECT_NE(must(claim_unplanned(store.db(), store.now()))->id, first);
  EXPECT_FALSE(must(has_unplanned(store.db(), store.now())));
  EXPECT_EQ(store.claim().download_id, first);
}

TEST(Queue, waiting_for_space_is_no_attempt) {
  TestStore store;
  store.ask("a");
  const Claim claim = store.claim();
  must(wait_for(store.db(), claim, WaitReason::disk_full, store.now()));
  EXPECT_EQ(must(find_download(store.db(), claim.download_id)).attempts, 0);
  const Claim next = store.claim();
  must(wait_for(store.db(), next, WaitReason::upstream, store.now()));
  EXPECT_EQ(must(find_download(store.db(), claim.download_id)).attempts, 1);
}

TEST(Plan, keeps_the_progress_of_files_that_are_still_the_same) {
  TestStore store;
  store.ask("a");
  const Claim claim = store.claim();
  Plan plan;
  plan.files = {TestStore::file("one", "1111"), TestStore::file("two", "2222")};
  const auto before = must(save_plan(store.db(), claim, plan));
  must(move_to(store.db(), claim, DownloadStatus::downloading));
  must(
      save_progress(store.db(), claim,
                    {.bytes_done = 6,
                     .files = {{.number = before[0].number, .bytes_done = 4, .checkpoint_bytes = 4},
                               {.number = before[1].number, .bytes_done = 2}}}));
  plan.files = {TestStore::file("two", "changed"), TestStore::file("one", "1111")};
  const auto after = must(save_plan(store.db(), claim, plan));
  ASSERT_EQ(after.size(), 2u);
  EXPECT_EQ(after[0].path, "one");
  EXPECT_EQ(after[0].number, before[0].number);
  EXPECT_EQ(after[0].checkpoint_bytes, 4);
  EXPECT_EQ(after[1].bytes_done, 0);
  EXPECT_GT(after[1].number, before[1].number);
  const Download download = must(find_download(store.db(), claim.download_id));
  EXPECT_EQ(download.bytes_total, 11);
  EXPECT_EQ(download.bytes_done, 4);
}

TEST(Plan, finds_stored_content_by_sha256_and_by_git_oid) {
  TestStore store;
  PlannedFile small;
  small.path = "config.json";
  small.size_bytes = 2;
  small.sha256 = sha256_hex("{}");
  small.git_oid = std::string(40, '9');
  store.ready_model("a", {small});
  EXPECT_TRUE(must(blob_exists(store.db(), small.sha256)));
  EXPECT_FALSE(must(blob_exists(store.db(), std::string(64, '0'))));
  EXPECT_EQ(must(blob_of_git_oid(store.db(), small.git_oid, 2))->sha256, small.sha256);
  EXPECT_FALSE(must(blob_of_git_oid(store.db(), small.git_oid, 130)));
}

TEST(Facts, of_another_revision_do_not_describe_the_model) {
  TestStore store;
  store.ready_model("a", {TestStore::file("f", "x")});
  store.ask("a", "ada", "v2");
  const Claim claim = store.claim();
  must(save_facts(store.db(), claim, {.commit = "b", .task = "other"}));
  EXPECT_EQ(must(find_model(store.db(), "a")).task, "");
  EXPECT_EQ(must(find_download(store.db(), claim.download_id)).commit, "b");
}

}  // namespace
}  // namespace modelkeep::catalog
