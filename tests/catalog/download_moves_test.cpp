#include <map>

#include <gtest/gtest.h>

#include "catalog/downloads.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

std::vector<std::string> queue_order(TestStore& store) {
  auto page = must(list_downloads(store.db(), {.status = DownloadStatus::queued}));
  std::sort(page.downloads.begin(), page.downloads.end(),
            [](const Download& a, const Download& b) { return a.position < b.position; });
  std::vector<std::string> names;
  for (const Download& download : page.downloads) names.push_back(download.model_name);
  return names;
}

TEST(DownloadMoves, pause_and_resume_a_queued_one) {
  TestStore store;
  const auto id = store.ask("gpt2").download->id;
  EXPECT_EQ(must(pause_download(store.db(), id)).status, DownloadStatus::paused);
  EXPECT_EQ(must(pause_download(store.db(), id)).status, DownloadStatus::paused);
  EXPECT_FALSE(must(has_claimable(store.db(), store.now())));
  EXPECT_EQ(must(resume_download(store.db(), id)).status, DownloadStatus::queued);
}

TEST(DownloadMoves, pausing_a_running_one_takes_it_from_its_fetcher) {
  TestStore store;
  const auto id = store.ask("gpt2").download->id;
  const Claim claim = store.claim();
  must(pause_download(store.db(), id));
  EXPECT_EQ(code_of(check_claim(store.db(), claim)), codes::claim_lost);
  EXPECT_EQ(code_of(save_progress(store.db(), claim, {})), codes::claim_lost);
  must(resume_download(store.db(), id));
  EXPECT_EQ(code_of(check_claim(store.db(), claim)), codes::claim_lost);
}

TEST(DownloadMoves, cancelling_the_first_download_takes_the_model_with_it) {
  TestStore store;
  const auto id = store.ask("gpt2").download->id;
  const Download cancelled = must(cancel_download(store.db(), id, store.now()));
  EXPECT_EQ(cancelled.status, DownloadStatus::cancelled);
  EXPECT_FALSE(cancelled.model_pk);
  EXPECT_EQ(cancelled.model_id, "gpt2");
  EXPECT_EQ(code_of(find_model(store.db(), "gpt2")), codes::model_not_found);
  EXPECT_EQ(must(pending_removals(store.db())).front().kind, "staging");
}

TEST(DownloadMoves, cancelling_another_revision_keeps_the_ready_model) {
  TestStore store;
  store.ready_model("gpt2", {TestStore::file("a.bin", "abc")});
  const auto id = store.ask("gpt2", "ada", "v2").download->id;
  must(cancel_download(store.db(), id, store.now()));
  EXPECT_EQ(must(find_model(store.db(), "gpt2")).status, ModelStatus::ready);
}

TEST(DownloadMoves, retry_is_for_failed_ones_only) {
  TestStore store;
  const auto id = store.ask("gpt2").download->id;
  EXPECT_EQ(code_of(retry_download(store.db(), id)), codes::state_conflict);
  must(fail_download(store.db(), store.claim(),
                     {ErrorKind::unavailable, codes::upstream_unavailable, "Down.", ""},
                     store.now()));
  EXPECT_EQ(must(find_download(store.db(), id)).error_code, "upstream_unavailable");
  EXPECT_EQ(must(retry_download(store.db(), id)).status, DownloadStatus::queued);
}

TEST(DownloadMoves, priority_goes_before_position) {
  TestStore store;
  for (const char* name : {"a", "b", "c"}) store.ask(name);
  const auto c = must(find_model_named(store.db(), "c"));
  const auto id = must(active_download(store.db(), c->pk))->id;
  EXPECT_EQ(must(order_download(store.db(), id, Priority::high, std::nullopt)).position, 1);
  EXPECT_EQ(queue_order(store), (std::vector<std::string>{"c", "a", "b"}));
}

TEST(DownloadMoves, position_puts_one_before_another) {
  TestStore store;
  std::int64_t last = 0;
  for (const char* name : {"a", "b", "c", "d"}) last = store.ask(name).download->id;
  EXPECT_EQ(must(order_download(store.db(), last, std::nullopt, 2)).position, 2);
  EXPECT_EQ(queue_order(store), (std::vector<std::string>{"a", "d", "b", "c"}));
  EXPECT_EQ(must(order_download(store.db(), last, std::nullopt, 99)).position, 4);
  EXPECT_EQ(must(order_download(store.db(), last, std::nullopt, 1)).position, 1);
}

TEST(DownloadMoves, an_ended_one_stays_ended) {
  TestStore store;
  const auto id = store.ask("gpt2").download->id;
  must(cancel_download(store.db(), id, store.now()));
  EXPECT_EQ(code_of(pause_download(store.db(), id)), codes::state_conflict);
  EXPECT_EQ(code_of(resume_download(store.db(), id)), codes::state_conflict);
  EXPECT_EQ(code_of(order_download(store.db(), id, Priority::low, {})), codes::state_conflict);
  EXPECT_EQ(code_of(pause_download(store.db(), 999)), codes::download_not_found);
}

TEST(Downloads, tell_what_changed_since_a_seq) {
  TestStore store;
  store.ask("a");
  store.ask("b");
  const auto seq = must(list_downloads(store.db(), {})).seq;
  EXPECT_TRUE(must(list_downloads(store.db(), {.since = seq})).downloads.empty());
  const Claim claim = store.claim();
  must(save_progress(store.db(), claim, {.bytes_done = 0, .bytes_per_second = 5}));
  const auto changed = must(list_downloads(store.db(), {.since = seq}));
  // The claim moved the places in the queue, so the one that waits is told again too.
  EXPECT_EQ(changed.downloads.size(), 2u);
  must(save_progress(store.db(), claim, {.bytes_done = 0, .bytes_per_second = 6}));
  const auto progress = must(list_downloads(store.db(), {.since = changed.seq}));
  ASSERT_EQ(progress.downloads.size(), 1u);
  EXPECT_EQ(progress.downloads[0].bytes_per_second, 6);
}

TEST(Downloads, tell_all_new_places_in_the_queue_to_whoever_asks_in_small_pages) {
  TestStore store;
  for (int n = 0; n < 5; ++n) store.ask("m" + std::to_string(n));
  std::int64_t seq = must(list_downloads(store.db(), {})).seq;
  const Claim claim = store.claim();
  must(save_progress(store.db(), claim, {.bytes_done = 0, .bytes_per_second = 5}));
  std::map<std::string, std::int64_t> places;
  for (int pages = 0; pages < 3; ++pages) {
    const auto page = must(list_downloads(store.db(), {.since = seq, .limit = 1}));
    EXPECT_GE(page.seq, seq);
    seq = page.seq;
    for (const Download& download : page.downloads) places[download.model_name] = download.position;
  }
  EXPECT_EQ(seq, must(list_downloads(store.db(), {})).seq);
  EXPECT_EQ(places, (std::map<std::string, std::int64_t>{
                        {"m0", 0}, {"m1", 1}, {"m2", 2}, {"m3", 3}, {"m4", 4}}));
}

TEST(Downloads, are_listed_newest_first_page_by_page) {
  TestStore store;
  for (int n = 0; n < 5; ++n) store.ask("m" + std::to_string(n));
  const auto first = must(list_downloads(store.db(), {.limit = 3}));
  EXPECT_EQ(first.total, 5);
  EXPECT_EQ(first.downloads.front().model_name, "m4");
  const auto second =
      must(list_downloads(store.db(), {.before_id = first.next_before_id, .limit = 3}));
  EXPECT_EQ(second.downloads.size(), 2u);
  EXPECT_FALSE(second.next_before_id);
}

TEST(Downloads, say_why_they_wait) {
  TestStore store;
  store.ask("a");
  const auto second = store.ask("b").download->id;
  const Claim claim = store.claim();
  must(wait_for(store.db(), claim, WaitReason::disk_full, Time{store.now().ms + 1000}));
  EXPECT_EQ(must(find_download(store.db(), claim.download_id)).wait_reason, WaitReason::disk_full);
  EXPECT_EQ(store.claim().download_id, second);
  EXPECT_FALSE(must(claim_next_queued(store.db(), store.now())));
  store.clock().advance_ms(1000);
  EXPECT_EQ(store.claim().download_id, claim.download_id);
}

}  // namespace
}  // namespace modelkeep::catalog
