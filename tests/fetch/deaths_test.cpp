// A fetcher that is killed at each single step of a download; and disks that refuse.
#include <csignal>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catalog/backup.h"
#include "tests/fetch/fetch_fixture.h"
#include "tests/support/faulty_files.h"

namespace modelkeep::fetch {
namespace {

/// Kills its process just before the N-th call that changes something.
class DeadlyFiles : public FaultyFiles {
 public:
  explicit DeadlyFiles(int deadly_call) : FaultyFiles(posix_files(), deadly_call) {}

 protected:
  Error at_failing_call(std::string_view /*what*/) override {
    ::raise(SIGKILL);
    return {};
  }
};

class DeathTest : public FetchTest {
 protected:
  /// One turn in a process of its own; whether it lived.
  template <class Change>
  bool turn_in_child(Change&& change) {
    const pid_t child = ::fork();
    if (child == 0) {
      // Connections and threads are not carried over a fork.
      auto db = must(catalog::open(config_.state));
      change();
      if (const auto claimed = must(catalog::claim_next_queued(db, system_clock().now()))) {
        const auto lock = must(FileLock::try_take(layout().download_lock(claimed->id)));
        static_cast<void>(run_job(around_, db, *claimed, {}));
      }
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status);
  }
  /// What recovery does for a row whose holder died.
  void recover(std::int64_t id) {
    const auto download = row(id);
    if (catalog::is_running(download.status))
      must(catalog::requeue(db(), {download.id, download.epoch}));
  }
};

TEST_F(DeathTest, F01_to_F03_killed_before_any_step_the_next_one_finishes) {
  config_.ranges = {4 << 10, 1 << 10, 4 << 10};
  bool lived = false;
  int call = 1;
  for (; !lived; ++call) {
    ASSERT_LT(call, 400);
    SCOPED_TRACE("killed before call " + std::to_string(call));
    const std::int64_t id = ask("test/tiny");
    lived = turn_in_child([&] { around_.files = std::make_unique<DeadlyFiles>(call).release(); });
    recover(id);
    // What a death after the last word leaves in staging is the sweep's.
    const bool was_ready = row(id).status == catalog::DownloadStatus::ready;
    ASSERT_EQ(status_of(finish(id)), "ready");
    expect_whole("test_tiny", "test/tiny");
    ASSERT_TRUE(was_ready || staged().empty());
    must(catalog::delete_model(db(), "test_tiny", system_clock().now()));
    std::filesystem::remove_all(layout().model_dir("test_tiny"));
    std::filesystem::remove_all(layout().blobs_dir());
    must(posix_files().make_folders(layout().blobs_dir(), 0755));
  }
  EXPECT_GT(call, 20);
}

TEST_F(DeathTest, F02_killed_between_the_last_byte_and_its_sync_nothing_is_ready) {
  class DeadlySync : public FaultyFiles {
   public:
    DeadlySync() : FaultyFiles(posix_files(), 0) {}
    // The first is of the staging folder's own file.
    Result<> sync(const Fd& file) override {
      if (++syncs_ == 2) ::raise(SIGKILL);
      return FaultyFiles::sync(file);
    }
    std::atomic<int> syncs_ = 0;
  };
  const std::int64_t id = ask("test/medium");
  DeadlySync files;
  EXPECT_FALSE(turn_in_child([&] { around_.files = &files; }));
  EXPECT_NE(status_of(row(id)), "ready");
  EXPECT_EQ(read("test_medium", "model.safetensors"), "(absent)");
  recover(id);
  EXPECT_EQ(status_of(finish(id)), "ready");
  expect_whole("test_medium", "test/medium");
}

TEST_F(DeathTest, F16_a_file_size_limit_is_an_error_and_not_a_death) {
  const std::int64_t id = ask("test/medium");
  EXPECT_TRUE(turn_in_child([] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{2 << 20, 2 << 20};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }));
  EXPECT_EQ(text(row(id).wait_reason), "disk_full");
  must(catalog::pause_download(db(), id));
  must(catalog::resume_download(db(), id));
  EXPECT_EQ(status_of(finish(id)), "ready");
}

TEST_F(DeathTest, F15_F16_no_inodes_and_a_quota_are_a_full_disk) {
  for (const int error_number : {ENOSPC, EDQUOT}) {
    // The call that creates the first part.
    class NoPart : public FaultyFiles {
     public:
      explicit NoPart(int error) : FaultyFiles(posix_files(), 0), error_(error) {}
      Result<Fd> open(const std::string& path, OpenMode mode, mode_t permissions) override {
        if (path.ends_with(".part")) return tl::unexpected{errno_error(error_, "open", path)};
        return FaultyFiles::open(path, mode, permissions);
      }
      int error_;
    };
    NoPart files(error_number);
    const std::int64_t id = ask("test/tiny");
    around_.files = &files;
    take_turn();
    around_.files = &posix_files();
    EXPECT_EQ(text(row(id).wait_reason), "disk_full") << error_number;
    must(catalog::pause_download(db(), id));
    must(catalog::resume_download(db(), id));
    EXPECT_EQ(status_of(finish(id)), "ready");
    must(catalog::delete_model(db(), "test_tiny", system_clock().now()));
    std::filesystem::remove_all(layout().model_dir("test_tiny"));
    std::filesystem::remove_all(layout().blobs_dir());
    must(posix_files().make_folders(layout().blobs_dir(), 0755));
  }
}

}  // namespace
}  // namespace modelkeep::fetch
