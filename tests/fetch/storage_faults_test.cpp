// Downloads onto a disk that fills, fails, is read-only or is not there: F03 to F18 of
// docs/faults-and-inputs.md.
#include <atomic>
#include <cerrno>
#include <filesystem>

#include "catalog/reservations.h"
#include "sqlite/transaction.h"
#include "storage/model_folder.h"
#include "tests/fetch/fetch_fixture.h"
#include "tests/support/faulty_files.h"

namespace modelkeep::fetch {
namespace {

constexpr const char* kModel = "test/medium";

class StorageFaultTest : public FetchTest {
 protected:
  std::string outcome() { return status_of(bring(kModel)); }
  void expect_ready() {
    EXPECT_EQ(outcome(), "ready");
    expect_whole("test_medium", kModel);
    EXPECT_TRUE(staged().empty());
  }
  /// One turn with these files; the download as it is then.
  catalog::Download turn_with(Files& files, std::int64_t id) {
    around_.files = &files;
    EXPECT_TRUE(take_turn());
    around_.files = &posix_files();
    return row(id);
  }
  /// Whatever it waits for is over.
  void end_wait(std::int64_t id) {
    must(catalog::pause_download(db(), id));
    must(catalog::resume_download(db(), id));
  }
};

TEST_F(StorageFaultTest,
       F03_a_fetcher_that_died_between_the_swap_and_the_row_is_finished_by_the_next) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  const auto model = must(catalog::find_model(db(), "test_tiny"));
  std::vector<storage::FolderFile> content;
  for (const auto& file : must(catalog::model_files(db(), model.pk)))
    content.push_back({file.path, file.sha256});
  const std::int64_t id = ask("legacy-tiny");
  must(storage::build_folder(posix_files(), layout(), layout().staged_tree(id), content));
  must(
      storage::swap_in(posix_files(), layout().staged_tree(id), layout().model_dir("legacy-tiny")));
  EXPECT_EQ(status_of(finish(id)), "ready");
  expect_whole("legacy-tiny", "test/tiny");
  EXPECT_TRUE(staged().empty());
}

TEST_F(StorageFaultTest, F13_what_others_still_have_to_write_is_counted) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  const auto space = must(posix_files().space(layout().mount()));
  const std::int64_t other = ask("test/formats");
  const auto claimed = must(catalog::claim_next_queued(db(), system_clock().now()));
  must(catalog::save_plan(db(), {other, claimed->epoch},
                          {.files = {{.path = "x",
                                      .size_bytes = static_cast<std::int64_t>(space.total_bytes),
                                      .sha256 = std::string(64, 'a'),
                                      .is_lfs = true}}}));
  {
    auto writing = must(sqlite::WriteTransaction::begin(db()));
    must(catalog::promise_space(db(), {other, claimed->epoch}));
    must(writing.commit());
  }
  EXPECT_EQ(outcome(), "failed storage_insufficient");
}

TEST_F(StorageFaultTest, one_that_asked_to_wait_for_space_waits_without_asking_upstream_again) {
  std::uint64_t reserve = std::uint64_t{1} << 60;
  config_.reserve_now = [&] { return std::optional(reserve); };
  const std::int64_t id = ask(catalog::Asking{.name = kModel, .waits_when_full = true});
  EXPECT_TRUE(take_turn());
  EXPECT_EQ(text(row(id).wait_reason), "disk_full");
  EXPECT_NE(row(id).error.find("needs 8.0 MiB and the disk has 0 B left"), std::string::npos)
      << row(id).error;
  EXPECT_EQ(row(id).attempts, 0);
  const auto asked = hub_->log().count(standin::Call::info);
  end_wait(id);
  EXPECT_TRUE(take_turn());
  EXPECT_EQ(text(row(id).wait_reason), "disk_full");
  EXPECT_EQ(hub_->log().count(standin::Call::info), asked);
  reserve = 0;
  end_wait(id);
  EXPECT_EQ(status_of(finish(id)), "ready");
  EXPECT_EQ(row(id).error, "");
}

TEST_F(StorageFaultTest, F12_a_refusal_has_both_numbers) {
  config_.reserve_now = [] { return std::optional(std::uint64_t{1} << 60); };
  const auto download = bring(kModel);
  EXPECT_NE(download.error.find("needs 8.0 MiB and the disk has 0 B left"), std::string::npos)
      << download.error;
}

TEST_F(StorageFaultTest, F17_a_read_only_mount_waits_and_goes_on) {
  FaultyFiles read_only(posix_files(), 1, true, EROFS);
  const std::int64_t id = ask(kModel);
  const auto download = turn_with(read_only, id);
  EXPECT_EQ(status_of(download), "queued");
  EXPECT_EQ(text(download.wait_reason), "storage_readonly");
  end_wait(id);
  EXPECT_EQ(status_of(finish(id)), "ready");
}

TEST_F(StorageFaultTest, F18_nothing_is_written_to_a_mount_point_without_its_mount) {
  const std::int64_t id = ask(kModel);
  std::filesystem::rename(layout().marker(), layout().marker() + ".away");
  const auto download = turn_with(posix_files(), id);
  EXPECT_EQ(status_of(download), "queued");
  EXPECT_EQ(text(download.wait_reason), "storage_readonly");
  EXPECT_TRUE(staged().empty());
  std::filesystem::rename(layout().marker() + ".away", layout().marker());
  end_wait(id);
  EXPECT_EQ(status_of(finish(id)), "ready");
}

TEST_F(StorageFaultTest, a_folder_that_a_person_made_is_left_alone) {
  must(posix_files().make_folders(layout().model_dir("test_tiny"), 0755));
  must(write_file_atomic(posix_files(), layout().model_file("test_tiny", "notes.txt"), "mine",
                         0644));
  EXPECT_EQ(status_of(bring("test/tiny")), "failed folder_in_the_way");
  EXPECT_EQ(read("test_tiny", "notes.txt"), "mine");
}

TEST_F(StorageFaultTest, F11_a_full_disk_waits_keeps_the_parts_and_goes_on) {
  FaultyFiles full(posix_files(), 20, true, ENOSPC);
  const std::int64_t id = ask(kModel);
  const auto download = turn_with(full, id);
  EXPECT_EQ(status_of(download), "queued");
  EXPECT_EQ(text(download.wait_reason), "disk_full");
  end_wait(id);
  EXPECT_EQ(status_of(finish(id)), "ready");
  expect_whole("test_medium", kModel);
}

TEST_F(StorageFaultTest, F12_what_cannot_fit_is_refused_before_a_byte_moves) {
  config_.reserve_now = [] { return std::optional(std::uint64_t{1} << 60); };
  EXPECT_EQ(outcome(), "failed storage_insufficient");
  EXPECT_EQ(hub_->log().count(standin::Call::cdn), 0U);
}

TEST_F(StorageFaultTest, F09_a_part_whose_sync_failed_is_fetched_again_and_not_trusted) {
  class FailingSync : public FaultyFiles {
   public:
    using FaultyFiles::FaultyFiles;
    // The first is of the staging folder's own file.
    Result<> sync(const Fd& file) override {
      if (++syncs_ == 2) {
        return tl::unexpected{errno_error(EIO, "fsync", "injected")};
      }
      return FaultyFiles::sync(file);
    }
    std::atomic<int> syncs_ = 0;
  };
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  FailingSync files(posix_files(), 0);
  must(catalog::delete_model(db(), "test_tiny", system_clock().now()));
  around_.files = &files;
  expect_ready();
  EXPECT_GT(files.syncs_, 2);
}

TEST_F(StorageFaultTest, a_disk_call_that_fails_at_any_point_never_publishes_a_wrong_folder) {
  for (int failing_call = 1; failing_call < 80; ++failing_call) {
    FaultyFiles faulty(posix_files(), failing_call);
    around_.files = &faulty;
    const std::int64_t id = ask("test/tiny");
    const auto first = finish(id);
    around_.files = &posix_files();
    if (first.status == catalog::DownloadStatus::failed) {
      EXPECT_EQ(read("test_tiny", "config.json"), "(absent)") << failing_call;
      must(catalog::retry_download(db(), id));
    }
    EXPECT_EQ(status_of(finish(id)), "ready") << "failing call " << failing_call;
    follow_in_view();
    expect_whole("test_tiny", "test/tiny");
    if (faulty.calls() < failing_call) break;
    must(catalog::delete_model(db(), "test_tiny", system_clock().now()));
    std::filesystem::remove_all(layout().model_dir("test_tiny"));
    std::filesystem::remove_all(layout().blobs_dir());
    must(posix_files().make_folders(layout().blobs_dir(), 0755));
  }
}

}  // namespace
}  // namespace modelkeep::fetch
