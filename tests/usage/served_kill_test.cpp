// Those who write nginx's record, and those who import it, killed with -9 at any instant while the
// file is changed under them.
#include <atomic>
#include <csignal>
#include <filesystem>
#include <random>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file_lock.h"
#include "tests/usage/usage_store.h"
#include "usage/journal_reader.h"
#include "usage/served_log.h"

namespace modelkeep::usage {
namespace {

struct Shared {
  std::atomic<std::int64_t> written{0};
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

std::string line() {
  Served read;
  read.model_pk = 7;
  read.commit = std::string(40, 'c');
  read.client = "curl";
  read.username = "ada";
  return "b1 1769077800.000 0.001 1000 " + read_mark(read) + " 10.0.0.7 .\n";
}

TEST(ServedKill, of_everyone_loses_no_line_and_counts_none_twice) {
  TempFolder folder;
  const catalog::StatePaths state = state_paths(folder.path());
  const DrainPaths drains = drain_paths(folder.path());
  ManualClock clock;
  must(catalog::prepare(state, clock));
  must(begin_served_log(drains.journals));
  Shared& shared = shared_memory();
  std::mt19937 random(20260123);
  std::uniform_int_distribution<int> delay_us(0, 15'000);

  const auto write = [&] {
    const std::string text = line();
    for (;;) {
      // As after a SIGUSR1: opened anew, while others still write to the old one.
      const int file =
          ::open((drains.journals + "/bytes.log").c_str(), O_WRONLY | O_APPEND | O_CREAT, 0644);
      for (int n = 0; n < 200; ++n) {
        ++shared.begun;
        if (::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()))
          ++shared.written;
        ::usleep(30);
      }
      ::close(file);
    }
  };
  const auto drain = [&] {
    auto db = must(catalog::open(state));
    for (;;) {
      catalog::EventNumbers numbers;
      const auto alone = FileLock::take(drains.drain_lock, std::chrono::seconds(5));
      if (alone) must(drain_once(db, drains, numbers, clock));
    }
  };
  const auto turn = [&] {
    must(begin_served_log(drains.journals));
    // As if it had been turned long ago, so that the drainer takes the old ones away at once.
    const timespec long_ago[2] = {{1'700'000'000, 0}, {1'700'000'000, 0}};
    ::utimensat(AT_FDCWD, (drains.journals + "/bytes.log").c_str(), long_ago, AT_SYMLINK_NOFOLLOW);
  };

  pid_t writers[2] = {child_doing(write), child_doing(write)};
  pid_t drainer = child_doing(drain);
  for (int kills = 0; kills < 80; ++kills) {
    ::usleep(static_cast<useconds_t>(delay_us(random)));
    if (kills % 4 == 0) {
      kill_and_wait(writers[kills / 4 % 2]);
      writers[kills / 4 % 2] = child_doing(write);
    } else if (kills % 4 == 2) {
      turn();
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
  const std::int64_t counted = must(catalog::totals(db)).bytes_served / 1'000;
  EXPECT_GE(counted, shared.written.load());
  EXPECT_LE(counted, shared.begun.load());
  EXPECT_GT(counted, 500);
  EXPECT_EQ(must(db.one<std::int64_t>("SELECT sum(bytes_served) / 1000 FROM hub_reads")), counted);
  must(catalog::check_whole(db));
  EXPECT_EQ(must(record_names(drains.journals)).served_logs.size(), 1u);
}

}  // namespace
}  // namespace modelkeep::usage
