#include "catalog/events.h"

#include <gtest/gtest.h>

#include "catalog/model_list.h"
#include "catalog/stats.h"
#include "sqlite/transaction.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

void add(TestStore& store, EventNumbers& numbers, const std::vector<Event>& events) {
  auto writing = must(sqlite::WriteTransaction::begin(store.db()));
  must(add_events(store.db(), numbers, events));
  must(writing.commit());
}

Event event(const std::string& action, std::optional<std::int64_t> pk, Counts counts,
            const std::string& username = "ada") {
  return {.at = Time{5000},
          .action = action,
          .model_pk = pk,
          .counts = counts,
          .status = 200,
          .username = username,
          .ip_address = "10.0.0.7"};
}

TEST(Events, count_for_the_store_and_for_their_model) {
  TestStore store;
  const std::int64_t pk = store.ask("a").model.pk;
  EventNumbers numbers;
  add(store, numbers,
      {event("download", pk, Counts::download), event("get", pk, Counts::access),
       event("get", pk, Counts::access, "bob"), event("list", {}, Counts::nothing, "eve")});
  const Totals sums = must(totals(store.db()));
  EXPECT_EQ(sums.total_requests, 4);
  EXPECT_EQ(sums.unique_users, 3);
  const ModelStats stats = must(find_model(store.db(), "a")).stats;
  EXPECT_EQ(stats.download_count, 1);
  EXPECT_EQ(stats.access_count, 2);
  EXPECT_EQ(stats.total_requests, 3);
  EXPECT_EQ(stats.unique_users, 2);
  EXPECT_EQ(stats.last_used_at, Time{5000});
}

TEST(Events, count_a_user_once_whoever_imports) {
  TestStore store;
  const std::int64_t pk = store.ask("a").model.pk;
  EventNumbers one;
  EventNumbers other;
  add(store, one, {event("get", pk, Counts::access)});
  add(store, other, {event("get", pk, Counts::access)});
  add(store, one, {event("get", pk, Counts::access)});
  EXPECT_EQ(must(totals(store.db())).unique_users, 1);
  EXPECT_EQ(must(find_model(store.db(), "a")).stats.unique_users, 1);
}

TEST(Events, of_a_deleted_model_keep_its_name_and_count_for_nobody_else) {
  TestStore store;
  const std::int64_t pk = store.ask("org/a").model.pk;
  EventNumbers numbers;
  add(store, numbers, {event("get", pk, Counts::access)});
  must(delete_model(store.db(), "org_a", store.now()));
  add(store, numbers, {event("delete", pk, Counts::access, "bob")});
  const std::int64_t next = store.ask("org/a").model.pk;
  EXPECT_NE(next, pk);
  EXPECT_EQ(must(find_model(store.db(), "org_a")).stats.total_requests, 0);
  const auto activity = must(recent_activity(store.db()));
  ASSERT_EQ(activity.size(), 2u);
  EXPECT_EQ(activity[0].action, "delete");
  EXPECT_EQ(activity[0].model_id, "org_a");
  EXPECT_EQ(activity[0].username, "bob");
}

TEST(Activity, leaves_out_what_pages_poll) {
  TestStore store;
  EventNumbers numbers;
  add(store, numbers,
      {event("list", {}, Counts::nothing), event("health", {}, Counts::nothing),
       event("stats", {}, Counts::nothing), event("list_downloads", {}, Counts::nothing),
       event("listFiles", {}, Counts::nothing)});
  const auto activity = must(recent_activity(store.db()));
  ASSERT_EQ(activity.size(), 2u);
  EXPECT_EQ(activity[0].action, "listFiles");
  EXPECT_EQ(must(recent_activity(store.db(), 1)).size(), 1u);
}

TEST(Activity, is_read_from_the_end_of_an_index) {
  TestStore store;
  std::string plan;
  must(
      store.db().each("EXPLAIN QUERY PLAN SELECT seq FROM events WHERE (at < 0) = 0 AND action > 3 "
                      "ORDER BY seq DESC LIMIT 50",
                      [&](const sqlite::Row& row) { plan += row.text(3); }));
  EXPECT_NE(plan.find("events_listed"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
}

/// The names of the list by falling requests.
std::vector<std::int64_t> order_by_requests(TestStore& store) {
  ModelQuery query;
  query.sort = ModelSort::total_requests;
  query.descending = true;
  std::vector<std::int64_t> pks;
  for (const ModelUse& model : must(list_models(store.db(), query)).models) pks.push_back(model.pk);
  return pks;
}

TEST(Ranks, are_right_at_once_after_a_small_batch) {
  TestStore store;
  store.ask("a");
  const std::int64_t pk = store.ask("b").model.pk;
  EventNumbers numbers(EventNumbers::Ranks::later);
  add(store, numbers, {event("get", pk, Counts::access)});
  EXPECT_EQ(order_by_requests(store).front(), pk);
  EXPECT_FALSE(numbers.has_unranked());
}

TEST(Ranks, follow_a_large_batch_whoever_saves_them) {
  TestStore store;
  std::vector<Event> events;
  std::int64_t last = 0;
  for (int n = 0; n < 100; ++n) {
    last = store.ask("m" + std::to_string(n)).model.pk;
    events.push_back(event("get", last, Counts::access));
  }
  events.push_back(events.back());
  EventNumbers numbers(EventNumbers::Ranks::later);
  add(store, numbers, events);
  EXPECT_TRUE(numbers.has_unranked());
  must(save_all_ranks(store.db()));
  EXPECT_EQ(order_by_requests(store).front(), last);
  add(store, numbers,
      {event("get", last - 1, Counts::access), event("get", last - 1, Counts::access)});
  must(save_ranks(store.db(), numbers));
  EXPECT_FALSE(numbers.has_unranked());
  EXPECT_EQ(order_by_requests(store).front(), last - 1);
}

TEST(Events, take_at_most_forty_bytes_on_disk) {
  TestStore store;
  std::vector<std::int64_t> pks;
  for (int n = 0; n < 300; ++n) pks.push_back(store.ask("m" + std::to_string(n)).model.pk);
  const auto pages = [&] {
    return must(store.db().one<std::int64_t>(
                    "SELECT sum(pgsize) FROM dbstat WHERE name IN ('events', 'events_listed')"))
        .value_or(0);
  };
  EventNumbers numbers;
  constexpr int kEvents = 200'000;
  for (int batch = 0; batch < kEvents / 1000; ++batch) {
    std::vector<Event> events;
    for (int n = 0; n < 1000; ++n) {
      const auto pk = pks[static_cast<std::size_t>((n * 7 + batch) % 300)];
      Event use = event("get", pk, Counts::access, "user" + std::to_string(n % 100));
      use.at = Time{1'769'077'800'000 + batch * 1000 + n};
      use.ip_address = "10.0.0." + std::to_string(n % 200);
      events.push_back(use);
    }
    add(store, numbers, events);
  }
  EXPECT_LE(static_cast<double>(pages()) / kEvents, 40.0);
}

}  // namespace
}  // namespace modelkeep::catalog
