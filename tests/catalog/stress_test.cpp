// Many processes write at full rate while others copy and check: nothing is torn, nothing is lost.
#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catalog/backup.h"
#include "catalog/events.h"
#include "catalog/settings.h"
#include "catalog/stats.h"
#include "sqlite/transaction.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

constexpr int kWriters = 3;
constexpr std::int64_t kCommits = 150;

/// A process that commits events of its own, one transaction each, and says with its exit code how
/// it went.
pid_t start_writer(const StatePaths& paths, int number) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  auto db = open(paths);
  EventNumbers numbers;
  Event event;
  event.at = Time{1};
  event.action = "get";
  event.username = "writer-" + std::to_string(number);
  // A fat batch now and then, so that the log passes the size at which it is checkpointed.
  for (std::int64_t commit = 0; db && commit < kCommits; ++commit) {
    auto writing = sqlite::WriteTransaction::begin(*db);
    const std::vector<Event> events(commit % 10 == 0 ? 5'000 : 1, event);
    if (!writing || !add_events(*db, numbers, events) || !writing->commit()) ::_exit(1);
  }
  ::_exit(db ? 0 : 1);
}

std::int64_t events_of_a_writer() {
  std::int64_t events = 0;
  for (std::int64_t commit = 0; commit < kCommits; ++commit) events += commit % 10 == 0 ? 5'000 : 1;
  return events;
}

TEST(Stress, writers_and_backups_beside_each_other_leave_everything_whole) {
  TempFolder folder;
  ManualClock clock;
  const StatePaths paths = state_paths(folder.path());
  must(prepare(paths, clock));
  std::vector<pid_t> writers;
  for (int n = 0; n < kWriters; ++n) writers.push_back(start_writer(paths, n));
  std::vector<std::string> backups;
  for (int n = 0; n < 4; ++n) {
    clock.advance_ms(1000);
    backups.push_back(must(backup_now(paths, clock.now())));
  }
  for (const pid_t writer : writers) {
    int status = -1;
    ::waitpid(writer, &status, 0);
    EXPECT_EQ(status, 0);
  }
  auto db = must(open(paths));
  must(check_whole(db));
  EXPECT_EQ(must(totals(db)).total_requests, kWriters * events_of_a_writer());
  EXPECT_EQ(must(db.one<std::int64_t>("SELECT count(*) FROM events")),
            kWriters * events_of_a_writer());
  EXPECT_EQ(must(totals(db)).unique_users, kWriters);
  for (const std::string& backup : backups) {
    sqlite::OpenOptions options;
    options.path = backup;
    options.write_lock_path = paths.write_lock;
    options.read_only = true;
    auto copy = must(sqlite::Connection::open(options));
    must(check_whole(copy));
    // Of one moment: the total was written with the rows.
    EXPECT_EQ(must(copy.one<std::int64_t>("SELECT count(*) FROM events")),
              must(totals(copy)).total_requests);
  }
}

TEST(Stress, a_restored_backup_is_a_store_again) {
  TempFolder folder;
  ManualClock clock;
  const StatePaths paths = state_paths(folder.path());
  must(prepare(paths, clock));
  const pid_t writer = start_writer(paths, 0);
  const std::string backup = must(backup_now(paths, clock.now()));
  ::kill(writer, SIGKILL);
  int status = 0;
  ::waitpid(writer, &status, 0);
  must(restore_backup(paths, backup, clock.now()));
  must(prepare(paths, clock));
  auto db = must(open(paths));
  must(check_whole(db));
  must(beat(db, "upstream", clock.now()));
}

}  // namespace
}  // namespace modelkeep::catalog
