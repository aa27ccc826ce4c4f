// Writers and drainers killed with -9 at any instant: what was answered is counted, nothing is
// counted twice.
#include <atomic>
#include <csignal>
#include <filesystem>
#include <random>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file_lock.h"
#include "tests/usage/usage_store.h"

namespace modelkeep::usage {
namespace {

/// Memory that the children share with the test.
struct Shared {
  std::atomic<std::int64_t> answered{0};
  std::atomic<std::int64_t> begun{0};
};

Shared& shared_memory() {
  void* mapped =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return *new (mapped) Shared();
}

template <class Body>
pid_t child_doing(Body&& body) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  body();
  ::_exit(0);
}

void kill_and_wait(pid_t child) {
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
}

TEST(Kill, of_writers_and_drainers_loses_nothing_and_counts_nothing_twice) {
  TempFolder folder;
  const catalog::StatePaths state = state_paths(folder.path());
  const DrainPaths drains = drain_paths(folder.path());
  ManualClock clock;
  must(catalog::prepare(state, clock));
  Shared& shared = shared_memory();
  std::mt19937 random(20260122);
  std::uniform_int_distribution<int> delay_us(0, 15'000);

  const auto write = [&] {
    Pulse pulse = must(Pulse::open(drains.journals + "/pulse"));
    Journal journal = must(Journal::open(drains.journals, "worker", pulse));
    Event event;
    event.at = clock.now();
    event.action = "get";
    event.username = "user-" + std::to_string(::getpid());
    for (;;) {
      ++shared.begun;
      must(journal.append(event));
      ++shared.answered;  // The answer leaves here.
      ::usleep(50);
    }
  };
  const auto drain = [&] {
    auto db = must(catalog::open(state));
    Pulse pulse = must(Pulse::open(drains.journals + "/pulse"));
    std::stop_source never;
    for (;;) {
      catalog::EventNumbers numbers;
      const auto alone = FileLock::take(drains.drain_lock, std::chrono::seconds(5));
      if (alone) must(drain_once(db, drains, numbers, clock));
    }
  };

  pid_t writers[2] = {child_doing(write), child_doing(write)};
  pid_t drainer = child_doing(drain);
  for (int kills = 0; kills < 60; ++kills) {
    ::usleep(static_cast<useconds_t>(delay_us(random)));
    if (kills % 3 == 0) {
      kill_and_wait(writers[kills % 2]);
      writers[kills % 2] = child_doing(write);
    } else {
      kill_and_wait(drainer);
      drainer = child_doing(drain);
    }
  }
  for (const pid_t writer : writers) kill_and_wait(writer);
  kill_and_wait(drainer);

  auto db = must(catalog::open(state));
  catalog::EventNumbers numbers;
  must(drain_once(db, drains, numbers, clock));
  const std::int64_t counted = must(catalog::totals(db)).total_requests;
  EXPECT_GE(counted, shared.answered.load());
  EXPECT_LE(counted, shared.begun.load());
  EXPECT_GT(counted, 100);
  EXPECT_EQ(must(db.one<std::int64_t>("SELECT count(*) FROM events")), counted);
  EXPECT_EQ(must(db.one<std::int64_t>("SELECT count(*) FROM users")),
            must(catalog::totals(db)).unique_users);
  must(catalog::check_whole(db));
  EXPECT_TRUE(must(catalog::journal_offsets(db)).empty());
}

TEST(Kill, of_the_drainer_hands_its_role_to_another) {
  UsageStore store;
  const auto run = [&] {
    auto db = store.another();
    Pulse pulse = store.pulse();
    std::stop_source never;
    run_drainer(db, store.drains(), pulse, system_clock(), never.get_token());
  };
  const pid_t first = child_doing(run);
  const pid_t second = child_doing(run);
  Journal journal = store.journal();
  const auto counted_in_time = [&](std::int64_t expected) {
    const std::int64_t deadline = system_clock().mono_ms() + 5'000;
    while (store.totals().total_requests < expected && system_clock().mono_ms() < deadline) {
      system_clock().sleep_ms(2);
    }
    return store.totals().total_requests == expected;
  };
  must(journal.append(store.event()));
  EXPECT_TRUE(counted_in_time(1));
  kill_and_wait(first);
  must(journal.append(store.event()));
  EXPECT_TRUE(counted_in_time(2));
  kill_and_wait(second);
}

}  // namespace
}  // namespace modelkeep::usage
