// One download, and each single system call that changes the disk: a fetcher is killed at it, or
// the kernel refuses it, and the next one must finish. strace does both to a process of its own,
// this program again; SQLite's calls are among them. In an order by a seed that is printed
// (MODELKEEP_TEST_SEED replays it), as many as fit into the time.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/fetch/fetch_fixture.h"

namespace modelkeep::fetch {
namespace {

constexpr const char* kMount = "MODELKEEP_SWEEP_MOUNT";
constexpr const char* kHub = "MODELKEEP_SWEEP_HUB";
constexpr std::int64_t kBudgetMs = 40'000;
constexpr unsigned kChildSecondsMax = 20;
constexpr const char* kRepo = "test/tiny";
constexpr const char* kId = "test_tiny";

/// What a fetcher's process would use, around a store that is there.
struct Child {
  explicit Child(const std::string& mount, const std::string& endpoint)
      : config{.layout = storage::Layout(mount)} {
    const storage::Layout& layout = config.layout;
    config.state = {.folder = layout.state_dir(),
                    .database = layout.database(),
                    .write_lock = layout.db_write_lock(),
                    .prepare_lock = layout.lock("prepare"),
                    .backups = layout.backups_dir(),
                    .ballast = layout.ballast()};
    config.upstream.endpoint = endpoint;
    config.retry = {.base_ms = 10, .ceiling_ms = 50};
    // Notes, several connections and checkpoints, though the files are small.
    config.ranges = {4 << 10, 1 << 10, 4 << 10};
    around.config = &config;
    around.files = &posix_files();
    around.clock = &system_clock();
    around.open_transport = [this] { return upstream::make_transport(config.upstream); };
    around.environment = [](std::string_view) { return std::nullopt; };
    around.random = [] { return 0.5; };
    around.look_every_ms = 20;
    around.show_every_ms = 20;
  }

  /// One claim, as far as it gets.
  Result<> turn() {
    auto db = TRY(catalog::open(config.state));
    const auto claimed = TRY(catalog::claim_next_queued(db, system_clock().now()));
    if (!claimed) return {};
    const auto lock = TRY(FileLock::try_take(config.layout.download_lock(claimed->id)));
    return run_job(around, db, *claimed, {});
  }

  FetcherConfig config;
  Surroundings around;
};

TEST(CallSweepChild, brings_one_download_in) {
  const char* mount = std::getenv(kMount);
  const char* endpoint = std::getenv(kHub);
  if (mount == nullptr || endpoint == nullptr) GTEST_SKIP() << "the sweep's own process";
  ::alarm(kChildSecondsMax);
  static_cast<void>(Child(mount, endpoint).turn());
}

struct Blow {
  const char* calls;   // As strace names them.
  const char* effect;  // What happens at the N-th.
  int number = 1;
};

struct Family {
  const char* calls;
  std::vector<const char*> effects;
};
const Family kFamilies[] = {
    {"write,pwrite64", {"signal=KILL", "error=EIO", "error=ENOSPC"}},
    {"ftruncate,fallocate", {"signal=KILL", "error=EIO", "error=ENOSPC"}},
    {"rename,renameat2", {"signal=KILL", "error=EIO", "error=ENOSPC"}},
    {"link,mkdir", {"signal=KILL", "error=EIO", "error=ENOSPC"}},
    {"fsync,fdatasync,syncfs", {"signal=KILL", "error=EIO"}},
    {"unlink,rmdir,chmod", {"signal=KILL", "error=EIO"}},
};

class CallSweep : public FetchTest {
 protected:
  /// This program once more, under strace with these words. Its exit status as waitpid gives it.
  int run_traced(const std::vector<std::string>& words) {
    std::vector<std::string> command = {"strace", "-f", "-qq"};
    command.insert(command.end(), words.begin(), words.end());
    command.push_back(std::filesystem::read_symlink("/proc/self/exe").string());
    command.push_back("--gtest_filter=CallSweepChild.*");
    std::vector<char*> argv;
    for (std::string& word : command) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
      ::setenv(kMount, mount_.path().c_str(), 1);
      ::setenv(kHub, hub_->url().c_str(), 1);
      const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
      ::dup2(nowhere, STDOUT_FILENO);
      ::dup2(nowhere, STDERR_FILENO);
      ::execvp(argv[0], argv.data());
      ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
  }

  /// How often the busiest thread makes such a call; -1 where strace cannot tell.
  int count_calls(const char* calls) {
    const std::string listed = mount_.path() + ".calls";
    ask(kRepo);
    const int status = run_traced({"-o", listed, "-e", std::string("trace=") + calls});
    std::ifstream lines(listed);
    std::map<std::string, int> by_thread;
    for (std::string line; std::getline(lines, line);) {
      if (line.find("resumed>") == std::string::npos) ++by_thread[line.substr(0, line.find(' '))];
    }
    std::filesystem::remove(listed);
    const auto first = must(catalog::find_download(db(), 1));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || by_thread.empty()) return -1;
    int most = 0;
    for (const auto& [thread, count] : by_thread) most = std::max(most, count);
    return first.attempts > 0 ? most : -1;
  }

  void strike(const Blow& blow) {
    run_traced({"-o", "/dev/null", "-e", std::string("trace=") + blow.calls, "-e",
                std::string("inject=") + blow.calls + ":" + blow.effect +
                    ":when=" + std::to_string(blow.number)});
  }

  /// A folder that is there has every byte, whatever the rows say.
  void expect_nothing_half() {
    if (!std::filesystem::exists(layout().model_dir(kId))) return;
    const auto repo = hub_->repos().find(kRepo);
    for (const auto& file : repo->head()->files)
      EXPECT_TRUE(read(kId, file->path) == file->content.all()) << file->path;
  }

  /// What recovery, patience and a person do.
  void recover(std::int64_t id) {
    const auto download = row(id);
    if (catalog::is_running(download.status))
      must(catalog::requeue(db(), {download.id, download.epoch}));
    if (download.status == catalog::DownloadStatus::failed) must(catalog::retry_download(db(), id));
    if (row(id).status != catalog::DownloadStatus::queued) return;
    must(catalog::pause_download(db(), id));
    must(catalog::resume_download(db(), id));
  }

  void forget_model() {
    must(catalog::delete_model(db(), kId, system_clock().now()));
    std::filesystem::remove_all(layout().model_dir(kId));
    std::filesystem::remove_all(layout().blobs_dir());
    must(posix_files().make_folders(layout().blobs_dir(), 0755));
  }

  std::vector<Blow> all_blows() {
    std::vector<Blow> blows;
    for (const Family& family : kFamilies) {
      const int calls = count_calls(family.calls);
      if (calls < 0) return {};
      forget_model();
      for (int number = 1; number <= calls; ++number) {
        for (const char* effect : family.effects) blows.push_back({family.calls, effect, number});
      }
    }
    return blows;
  }
};

TEST_F(CallSweep, F01_to_F16_at_any_system_call_the_next_fetcher_finishes) {
  if (run_traced({"-V"}) != 0) GTEST_SKIP() << "NOT RUN: strace is not installed";
  config_.ranges = {4 << 10, 1 << 10, 4 << 10};
  const std::int64_t begun_ms = system_clock().mono_ms();
  std::vector<Blow> blows = all_blows();
  if (blows.empty()) GTEST_SKIP() << "NOT RUN: strace may not trace here";
  const char* given = std::getenv("MODELKEEP_TEST_SEED");
  const unsigned seed = given == nullptr ? std::random_device{}()
                                         : static_cast<unsigned>(std::strtoul(given, nullptr, 10));
  std::shuffle(blows.begin(), blows.end(), std::mt19937(seed));
  std::size_t struck = 0;
  for (const Blow& blow : blows) {
    if (system_clock().mono_ms() - begun_ms > kBudgetMs) break;
    ++struck;
    SCOPED_TRACE(std::string(blow.calls) + " " + blow.effect + " at " +
                 std::to_string(blow.number) + ", MODELKEEP_TEST_SEED=" + std::to_string(seed));
    const std::int64_t id = ask(kRepo);
    strike(blow);
    expect_nothing_half();
    EXPECT_EQ(must(db().one<std::string>("PRAGMA quick_check")), "ok");
    const auto after = row(id);
    const bool was_ready = after.status == catalog::DownloadStatus::ready;
    recover(id);
    ASSERT_EQ(status_of(finish(id)), "ready");
    follow_in_view();
    expect_whole(kId, kRepo);
    // What a death after the last word leaves in staging is the sweep's.
    if (was_ready) std::filesystem::remove_all(layout().staging_dir(id));
    ASSERT_TRUE(staged().empty()) << status_of(after) << " " << after.error;
    forget_model();
    if (HasFailure()) break;
  }
  std::printf("MODELKEEP_TEST_SEED=%u: %zu of %zu system calls struck\n", seed, struck,
              blows.size());
}

}  // namespace
}  // namespace modelkeep::fetch
