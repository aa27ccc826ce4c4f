#include "catalog/reads.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "catalog/events.h"
#include "catalog/stats.h"
#include "sqlite/transaction.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

constexpr std::int64_t kMinute = 60'000;
const std::string kCommit(40, 'c');
const std::string kOther(40, 'd');

struct ReadRow {
  std::int64_t began_at = 0;
  std::int64_t last_at = 0;
  std::int64_t requests = 0;
  std::int64_t bytes = 0;
  std::string client;
};
void read_row(const sqlite::Row& row, ReadRow& read) {
  row.read(read.began_at, read.last_at, read.requests, read.bytes, read.client);
}

class Reading : public testing::Test {
 protected:
  Event get(std::int64_t at_ms, const std::string& username = "ada",
            const std::string& address = "10.0.0.7", const std::string& commit = kCommit) const {
    return {.at = Time{at_ms},
            .action = "hub_resolve",
            .model_pk = model_pk_,
            .counts = Counts::read,
            .status = 200,
            .username = username,
            .ip_address = address,
            .commit = commit,
            .client = "curl"};
  }
  Served sent(std::int64_t from_ms, std::int64_t to_ms, std::int64_t bytes,
              const std::string& username = "ada", const std::string& address = "10.0.0.7") const {
    return {.began_at = Time{from_ms},
            .ended_at = Time{to_ms},
            .bytes = bytes,
            .model_pk = model_pk_,
            .commit = kCommit,
            .client = "curl",
            .username = username,
            .ip_address = address};
  }
  void import(const std::vector<Event>& events, const std::vector<Served>& served = {}) {
    auto writing = must(sqlite::WriteTransaction::begin(store_.db()));
    must(add_events(store_.db(), numbers_, events, served));
    must(writing.commit());
  }
  ModelStats stats() { return must(find_model(store_.db(), "a")).stats; }
  std::vector<ReadRow> rows() {
    return must(store_.db().all<ReadRow>(
        "SELECT began_at, last_at, requests, bytes_served, client FROM hub_reads"
        " ORDER BY began_at, pk"));
  }

  TestStore store_;
  EventNumbers numbers_;
  std::int64_t model_pk_ = store_.ask("a").model.pk;
};

struct Case {
  const char* name;
  std::vector<Event> events;
  std::int64_t downloads;
};

TEST_F(Reading, folds_by_this_table) {
  const std::int64_t t = 1'000'000'000;
  const std::vector<Case> cases = {
      {"one file is a download", {get(t)}, 1},
      {"files of a snapshot, one after the other", {get(t), get(t + 5), get(t + 9), get(t + 9)}, 1},
      {"a range again after a little less than ten minutes",
       {get(t), get(t + 10 * kMinute - 1)},
       1},
      {"an hour long, never ten minutes silent",
       {get(t), get(t + 9 * kMinute), get(t + 18 * kMinute), get(t + 27 * kMinute)},
       1},
      {"again after ten minutes", {get(t), get(t + 10 * kMinute)}, 2},
      {"the next day", {get(t), get(t + 1'440 * kMinute)}, 2},
      {"two people on one machine", {get(t, "ada"), get(t, "bob")}, 2},
      {"one person on two machines", {get(t, "ada", "10.0.0.1"), get(t, "ada", "10.0.0.2")}, 1},
      {"nobody named, on two machines",
       {get(t, "anonymous", "10.0.0.1"), get(t, "anonymous", "10.0.0.2")},
       2},
      {"nobody named, twice on one machine",
       {get(t, "anonymous", "10.0.0.1"), get(t + 1, "anonymous", "10.0.0.1")},
       1},
      {"two revisions", {get(t, "ada", "10.0.0.1", kCommit), get(t, "ada", "10.0.0.1", kOther)}, 2},
      {"records of two workers out of order",
       {get(t + 9 * kMinute), get(t + 18 * kMinute), get(t)},
       1},
      {"a clock that went back", {get(t), get(t - 3 * kMinute)}, 1},
  };
  for (const Case& one : cases) {
    for (const bool at_once : {true, false}) {
      TestStore fresh;
      EventNumbers numbers;
      const std::int64_t pk = fresh.ask("a").model.pk;
      std::vector<Event> events = one.events;
      for (Event& event : events) event.model_pk = pk;
      const auto add = [&](const std::vector<Event>& batch) {
        auto writing = must(sqlite::WriteTransaction::begin(fresh.db()));
        must(add_events(fresh.db(), numbers, batch));
        must(writing.commit());
      };
      if (at_once) add(events);
      // Batches come in order, up to what several workers wrote at the same time.
      std::stable_sort(events.begin(), events.end(),
                       [](const Event& a, const Event& b) { return a.at < b.at; });
      if (!at_once) {
        for (const Event& event : events) add({event});
      }
      const ModelStats counted = must(find_model(fresh.db(), "a")).stats;
      EXPECT_EQ(counted.download_count, one.downloads) << one.name << at_once;
      EXPECT_EQ(counted.access_count, 0) << one.name;
      EXPECT_EQ(counted.total_requests, one.downloads) << one.name;
      EXPECT_EQ(must(totals(fresh.db())).total_requests,
                static_cast<std::int64_t>(one.events.size()))
          << one.name;
    }
  }
}

TEST_F(Reading, goes_on_as_long_as_bytes_leave) {
  const std::int64_t t = 1'000'000'000;
  import({get(t)});
  import({}, {sent(t, t + 60 * kMinute, 5'000)});
  import({get(t + 69 * kMinute)});
  import({}, {sent(t + 69 * kMinute, t + 70 * kMinute, 70)});
  const auto found = rows();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].requests, 2);
  EXPECT_EQ(found[0].bytes, 5'070);
  EXPECT_EQ(found[0].last_at, t + 70 * kMinute);
  EXPECT_EQ(stats().download_count, 1);
}

TEST_F(Reading, is_the_same_whether_the_request_or_its_bytes_are_imported_first) {
  const std::int64_t t = 1'000'000'000;
  import({}, {sent(t + 3, t + 900, 42)});
  EXPECT_EQ(stats().download_count, 1);
  import({get(t)});
  const auto found = rows();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].began_at, t);
  EXPECT_EQ(found[0].last_at, t + 900);
  EXPECT_EQ(found[0].requests, 1);
  EXPECT_EQ(found[0].bytes, 42);
  EXPECT_EQ(found[0].client, "curl");
  EXPECT_EQ(stats().download_count, 1);
  EXPECT_EQ(must(totals(store_.db())).unique_users, 1);
}

TEST_F(Reading, adds_up_what_left_and_what_upstream_did_not_have_to_send) {
  Served of_api = sent(1, 2, 300);
  of_api.model_pk = 0;
  Served streamed = sent(1, 2, 4'000);
  streamed.from_upstream = true;
  import({get(1)}, {sent(1, 2, 50'000), of_api, streamed});
  const Totals sums = must(totals(store_.db()));
  EXPECT_EQ(sums.bytes_served, 54'300);
  EXPECT_EQ(sums.bytes_streamed, 4'000);
  EXPECT_EQ(sums.bytes_saved(), 50'300);
  ASSERT_EQ(rows().size(), 1u);
  EXPECT_EQ(rows()[0].bytes, 54'000);
}

TEST_F(Reading, of_a_deleted_model_stays_on_record_and_counts_for_nobody_else) {
  import({get(1)});
  must(delete_model(store_.db(), "a", store_.now()));
  import({}, {sent(1, 2, 50)});
  EXPECT_EQ(rows().size(), 1u);
  EXPECT_EQ(must(totals(store_.db())).bytes_served, 50);
  store_.ask("a");
  EXPECT_EQ(stats().download_count, 0);
}

}  // namespace
}  // namespace modelkeep::catalog
