#include "usage/drain.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "sqlite/transaction.h"
#include "tests/usage/usage_store.h"

namespace modelkeep::usage {
namespace {

/// A journal whose owner is gone.
std::string orphan(UsageStore& store, const std::string& content) {
  const std::string path = store.drains().journals + "/worker-1-1.journal";
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
  return path;
}

TEST(Drain, imports_each_record_once) {
  UsageStore store;
  Journal journal = store.journal();
  must(journal.append(store.event()));
  EXPECT_EQ(store.drain().events, 1);
  EXPECT_EQ(store.drain().events, 0);
  must(journal.append(store.event("list", "bob"), Durability::power));
  EXPECT_EQ(store.drain().events, 1);
  EXPECT_EQ(store.totals().total_requests, 2);
  EXPECT_EQ(store.totals().unique_users, 2);
  EXPECT_EQ(store.rows(), 2);
}

TEST(Drain, leaves_a_torn_last_record_to_its_living_owner) {
  UsageStore store;
  Journal journal = store.journal();
  must(journal.append(store.event()));
  const auto path = std::filesystem::directory_iterator(store.drains().journals);
  std::string file;
  for (const auto& entry : path) {
    if (entry.path().extension() == ".journal") file = entry.path();
  }
  const std::string line = record_line(store.event());
  std::ofstream(file, std::ios::app) << line.substr(0, 20);
  EXPECT_EQ(store.drain().events, 1);
  std::ofstream(file, std::ios::app) << line.substr(20);
  EXPECT_EQ(store.drain().events, 1);
  EXPECT_EQ(store.totals().total_requests, 2);
}

TEST(Drain, drops_the_torn_last_record_of_a_dead_owner_with_its_journal) {
  UsageStore store;
  const std::string line = record_line(store.event());
  const std::string path = orphan(store, line + line + line.substr(0, 20));
  EXPECT_EQ(store.drain().events, 2);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(must(catalog::journal_offsets(store.db())).empty());
}

TEST(Drain, skips_damaged_lines_and_says_how_many) {
  UsageStore store;
  const std::string line = record_line(store.event());
  std::string damaged = line;
  damaged[12] = 'X';
  orphan(store, line + damaged + std::string(4096, '\0') + line + "\n\n" + line + line);
  const Drained drained = store.drain();
  EXPECT_EQ(drained.events, 3);
  EXPECT_EQ(drained.damaged_lines, 2);
}

TEST(Drain, takes_a_stamp_of_the_future_as_now) {
  UsageStore store;
  Event event = store.event();
  event.at.ms += 365LL * 24 * 3600 * 1000;
  Event before_time = store.event();
  before_time.at.ms = -5;
  orphan(store, record_line(event) + record_line(before_time));
  store.drain();
  const auto activity = must(catalog::recent_activity(store.db()));
  EXPECT_EQ(activity[1].at, store.now());
  EXPECT_EQ(activity[0].at, Time{0});
}

TEST(Drain, begins_again_where_a_transaction_was_lost) {
  UsageStore store;
  orphan(store, record_line(store.event()));
  {
    // What a drainer killed before its commit leaves behind.
    auto writing = must(sqlite::WriteTransaction::begin(store.db()));
    catalog::EventNumbers numbers;
    must(catalog::add_events(store.db(), numbers, {store.event()}));
    must(catalog::set_journal_offset(store.db(), "worker-1-1.journal", 999));
  }
  EXPECT_EQ(store.drain().events, 1);
  EXPECT_EQ(store.rows(), 1);
}

TEST(Drain, never_imports_again_what_was_imported_before_the_file_went) {
  UsageStore store;
  {
    auto writing = must(sqlite::WriteTransaction::begin(store.db()));
    must(catalog::set_journal_offset(store.db(), "worker-1-1.journal", 1'000'000));
    must(writing.commit());
  }
  // Killed between the import and the unlink.
  orphan(store, record_line(store.event()));
  EXPECT_EQ(store.drain().events, 0);
  EXPECT_EQ(store.rows(), 0);
}

TEST(Settle, makes_every_answer_before_it_count) {
  UsageStore store;
  Journal journal = store.journal();
  Pulse pulse = store.pulse();
  for (int n = 1; n <= 5; ++n) {
    must(journal.append(store.event()));
    must(settle(store.db(), store.drains(), pulse, store.clock(), Exactness::always));
    EXPECT_EQ(store.totals().total_requests, n);
  }
}

TEST(Settle, is_exact_at_human_speed_and_cheap_under_load) {
  UsageStore store;
  Journal journal = store.journal();
  Pulse pulse = store.pulse();
  const auto after_one_more = [&] {
    must(journal.append(store.event()));
    must(settle(store.db(), store.drains(), pulse, store.clock(), Exactness::while_quiet));
    return store.totals().total_requests;
  };
  for (int n = 1; n <= 100; ++n) {
    store.clock().advance_ms(150);
    EXPECT_EQ(after_one_more(), n);
  }
  std::int64_t counted = 0;
  for (int n = 0; n < 100; ++n) counted = after_one_more();
  EXPECT_GT(counted, 100);
  EXPECT_LE(counted, 100 + Pulse::kBurst);
}

TEST(Settle, says_when_the_database_cannot_be_written) {
  UsageStore store;
  Journal journal = store.journal();
  Pulse pulse = store.pulse();
  must(journal.append(store.event()));
  sqlite::OpenOptions impatient;
  impatient.path = store.paths().database;
  impatient.write_lock_path = store.paths().write_lock;
  impatient.busy_timeout_ms = 20;
  auto db = must(sqlite::Connection::open(impatient));
  {
    auto outsider = must(sqlite::WriteTransaction::begin(store.db()));
    const auto settled = settle(db, store.drains(), pulse, store.clock(), Exactness::always);
    EXPECT_EQ(code_of(settled), codes::database_unavailable);
  }
  must(settle(db, store.drains(), pulse, store.clock(), Exactness::always));
  EXPECT_EQ(store.totals().total_requests, 1);
}

TEST(Drainer, drains_at_once_and_ends_with_a_last_drain) {
  UsageStore store;
  Journal journal = store.journal();
  Pulse pulse = store.pulse();
  auto db = store.another();
  std::jthread drainer(
      [&](std::stop_token stop) { run_drainer(db, store.drains(), pulse, system_clock(), stop); });
  must(journal.append(store.event()));
  const std::int64_t deadline = system_clock().mono_ms() + 5'000;
  while (store.totals().total_requests < 1 && system_clock().mono_ms() < deadline) {
    system_clock().sleep_ms(1);
  }
  EXPECT_EQ(store.totals().total_requests, 1);
  for (int n = 0; n < 50; ++n) must(journal.append(store.event()));
  drainer.request_stop();
  drainer.join();
  EXPECT_EQ(store.totals().total_requests, 51);
}

}  // namespace
}  // namespace modelkeep::usage
