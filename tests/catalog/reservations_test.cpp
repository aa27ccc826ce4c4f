#include "catalog/reservations.h"

#include <gtest/gtest.h>

#include "sqlite/transaction.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

std::uint64_t nothing_staged(std::int64_t) {
  return 0;
}

/// Claims, plans one file of that many bytes, and promises its space.
Claim promised(TestStore& store, const std::string& name, std::size_t bytes) {
  store.ask(name);
  const Claim claim = store.claim();
  Plan plan;
  plan.files = {TestStore::file("f", std::string(bytes, name[0]))};
  must(save_plan(store.db(), claim, plan));
  auto writing = must(sqlite::WriteTransaction::begin(store.db()));
  must(promise_space(store.db(), claim));
  must(writing.commit());
  return claim;
}

TEST(Reservations, count_what_others_were_promised_in_every_active_status) {
  TestStore store;
  promised(store, "running", 100);
  must(pause_download(store.db(), promised(store, "paused", 30).download_id));
  const auto cancelled = promised(store, "cancelled", 1'000);
  must(cancel_download(store.db(), cancelled.download_id, store.now()));
  const Claim own = promised(store, "own", 7);
  must(requeue(store.db(), promised(store, "queued", 5)));
  const auto need = must(space_need(store.db(), own.download_id, nothing_staged));
  EXPECT_EQ(need.needed, 7u);
  EXPECT_EQ(need.outstanding, 135u);
}

TEST(Reservations, leave_out_what_lies_on_the_disk_already) {
  TestStore store;
  const auto other = promised(store, "other", 100).download_id;
  const auto own = promised(store, "own", 50).download_id;
  const auto need = must(space_need(
      store.db(), own, [&](std::int64_t id) -> std::uint64_t { return id == other ? 60 : 999; }));
  EXPECT_EQ(need.needed, 0u);
  EXPECT_EQ(need.outstanding, 40u);
}

TEST(Reservations, are_not_made_for_one_that_was_only_planned) {
  TestStore store;
  store.ask("a");
  const Claim planned = store.claim();
  Plan plan;
  plan.files = {TestStore::file("f", "12345")};
  must(save_plan(store.db(), planned, plan));
  const Claim own = promised(store, "own", 7);
  EXPECT_EQ(must(space_need(store.db(), own.download_id, nothing_staged)).outstanding, 0u);
  EXPECT_FALSE(must(find_download(store.db(), planned.download_id)).space_reserved);
}

TEST(Reservations, end_with_a_failure) {
  TestStore store;
  const Claim claim = promised(store, "a", 100);
  must(fail_download(store.db(), claim, {ErrorKind::corrupt, codes::checksum_mismatch, "Bad.", ""},
                     store.now()));
  EXPECT_FALSE(must(retry_download(store.db(), claim.download_id)).space_reserved);
}

TEST(Retry, of_one_that_does_not_fit_leaves_it_failed) {
  TestStore store;
  const Claim claim = promised(store, "a", 100);
  must(fail_download(store.db(), claim, {ErrorKind::no_space, codes::storage_insufficient, "", ""},
                     store.now()));
  const auto no_room = [](const Download&) -> Result<> {
    return fail(ErrorKind::no_space, codes::storage_insufficient, "Too big.");
  };
  EXPECT_EQ(code_of(retry_download(store.db(), claim.download_id, std::nullopt, no_room)),
            codes::storage_insufficient);
  EXPECT_EQ(must(find_download(store.db(), claim.download_id)).status, DownloadStatus::failed);
  Asking asking{.name = "a", .username = "ben"};
  asking.may_queue_again = no_room;
  EXPECT_EQ(code_of(ask_for_model(store.db(), asking, store.now())), codes::storage_insufficient);
  EXPECT_EQ(must(find_download(store.db(), claim.download_id)).status, DownloadStatus::failed);
  asking.waits_when_full = true;
  EXPECT_TRUE(must(ask_for_model(store.db(), asking, store.now())).download->waits_when_full);
}

}  // namespace
}  // namespace modelkeep::catalog
