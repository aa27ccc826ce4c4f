#include "catalog/prune.h"

#include <gtest/gtest.h>

#include "sqlite/transaction.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1'000;

/// That many downloads that ended so many days ago, written as they would be found.
void add_ended(TestStore& store, int count, const char* status, std::int64_t days_ago) {
  auto writing = must(sqlite::WriteTransaction::begin(store.db()));
  for (int i = 0; i < count; ++i) {
    must(store.db().run(
        "INSERT INTO downloads (model_id, model_name, revision, status, position, created_at, "
        "finished_at) VALUES ('a', 'a', 'main', ?1, 0, 0, ?2)",
        status, store.now().ms - days_ago * kDayMs));
  }
  must(writing.commit());
}

std::int64_t left(TestStore& store) {
  return must(list_downloads(store.db(), {})).total;
}

TEST(Prune, keeps_the_newest_thousand_however_old) {
  TestStore store;
  add_ended(store, 1'000, "ready", 400);
  add_ended(store, 3, "cancelled", 500);
  EXPECT_EQ(must(prune_downloads(store.db(), store.now())), 3);
  EXPECT_EQ(must(prune_downloads(store.db(), store.now())), 0);
  EXPECT_EQ(left(store), 1'000);
}

TEST(Prune, keeps_all_of_the_last_ninety_days) {
  TestStore store;
  add_ended(store, 1'200, "ready", 80);
  EXPECT_EQ(must(prune_downloads(store.db(), store.now())), 0);
}

TEST(Prune, keeps_what_failed_or_waits) {
  TestStore store;
  add_ended(store, 1'000, "ready", 1);
  add_ended(store, 2, "failed", 400);
  store.ask("waiting");
  add_ended(store, 5, "ready", 100);
  EXPECT_EQ(must(prune_downloads(store.db(), store.now())), 5);
  EXPECT_EQ(left(store), 1'003);
}

}  // namespace
}  // namespace modelkeep::catalog
