#include "usage/journal.h"

#include <csignal>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "tests/usage/usage_store.h"

namespace modelkeep::usage {
namespace {

std::size_t journals_in(const std::string& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    count += entry.path().extension() == ".journal" ? 1 : 0;
  }
  return count;
}

TEST(Journal, takes_records_of_many_threads_whole) {
  UsageStore store;
  Journal journal = store.journal();
  {
    std::vector<std::jthread> threads;
    for (int n = 0; n < 8; ++n) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) must(journal.append(store.event()));
      });
    }
  }
  const Drained drained = store.drain();
  EXPECT_EQ(drained.events, 4000);
  EXPECT_EQ(drained.damaged_lines, 0);
}

/// A disk of one size, while it lives; needs root.
class SmallDisk {
 public:
  explicit SmallDisk(const char* options) {
    mounted_ = ::mount("none", folder_.path().c_str(), "tmpfs", 0, options) == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  const std::string& path() const { return folder_.path(); }
  /// Until not one more byte fits.
  void fill(const std::string& name) const {
    const Fd file(::open((path() + name).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    const std::string block(4096, 'x');
    while (::write(file.get(), block.data(), block.size()) > 0) {
    }
  }

 private:
  TempFolder folder_;
  bool mounted_ = false;
};

TEST(Journal, F14_goes_on_for_thousands_of_answers_on_a_full_disk) {
  const SmallDisk disk("size=4m");
  if (!disk.mounted()) GTEST_SKIP() << "needs root, to mount a small disk";
  UsageStore store;
  Journal journal = must(Journal::open(disk.path(), "worker", store.pulse()));
  disk.fill("/filler");
  for (int i = 0; i < 2'000; ++i) EXPECT_TRUE(journal.append(store.event())) << i;
}

TEST(Journal, F14_gives_back_what_is_held_before_it_refuses) {
  const SmallDisk disk("size=4m");
  if (!disk.mounted()) GTEST_SKIP() << "needs root, to mount a small disk";
  UsageStore store;
  disk.fill("/ballast");
  int given = 0;
  Journal journal = must(Journal::open(disk.path(), "worker", store.pulse(), [&] {
    return ++given == 1 && std::filesystem::remove(disk.path() + "/ballast");
  }));
  EXPECT_TRUE(journal.append(store.event()));
  EXPECT_EQ(given, 1);
  int written = 1;
  while (written < 100'000 && journal.append(store.event())) ++written;
  // Then it asks once more, in vain.
  EXPECT_LT(written, 100'000);
  EXPECT_EQ(given, 2);
}

TEST(Journal, fails_the_request_when_the_disk_takes_no_more_and_goes_on_later) {
  UsageStore store;
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    Journal journal = store.journal();
    must(journal.append(store.event("first")));
    // Room for half a record more: the kernel writes that half and says no to the rest.
    const std::size_t size = record_line(store.event("first")).size();
    const rlimit tight{size + size / 2, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &tight);
    const bool refused =
        !journal.append(store.event("lost")) && !journal.append(store.event("lost"));
    const rlimit wide{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &wide);
    must(journal.append(store.event("second")));
    ::_exit(refused ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  const Drained drained = store.drain();
  EXPECT_EQ(drained.events, 2);
  EXPECT_EQ(drained.damaged_lines, 1);
}

TEST(Journal, begins_a_fresh_file_before_one_grows_without_end) {
  UsageStore store;
  Journal journal = store.journal();
  Event wide = store.event("list", std::string(500, '%'));
  for (int n = 0; n < 11'500; ++n) must(journal.append(wide));
  EXPECT_EQ(journals_in(store.drains().journals), 2u);
  EXPECT_EQ(store.drain().events, 11'500);
  EXPECT_EQ(journals_in(store.drains().journals), 1u);
}

TEST(Pulse, wakes_who_waits_and_not_who_has_seen_it) {
  UsageStore store;
  Pulse pulse = store.pulse();
  Pulse same_page = store.pulse();
  const std::uint32_t seen = pulse.count();
  same_page.appended();
  pulse.wait(seen, 60'000);
  EXPECT_NE(pulse.count(), seen);
  std::jthread later([&] { same_page.wake(); });
  pulse.wait(pulse.count(), 50);
}

TEST(Pulse, lets_a_burst_settle_and_then_one_in_an_interval) {
  UsageStore store;
  Pulse pulse = store.pulse();
  std::int64_t now_ms = 5'000'000;
  int granted = 0;
  for (int n = 0; n < 100; ++n) granted += pulse.may_settle(now_ms) ? 1 : 0;
  EXPECT_EQ(granted, Pulse::kBurst);
  EXPECT_TRUE(pulse.may_settle(now_ms + Pulse::kIntervalMs));
  EXPECT_FALSE(pulse.may_settle(now_ms + Pulse::kIntervalMs));
  // The machine was started again: its clock begins anew.
  EXPECT_TRUE(pulse.may_settle(10));
}

}  // namespace
}  // namespace modelkeep::usage
