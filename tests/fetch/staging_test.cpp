#include "fetch/staging.h"

#include <gtest/gtest.h>

#include "base/range_notes.h"
#include "storage/mount.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_store.h"

namespace modelkeep::fetch {
namespace {

class StagingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    must(storage::open_mount(posix_files(), layout_));
    must(prepare());
    must(write_file_atomic(posix_files(), layout_.part(1, 1), std::string(1000, 'x'), 0600));
  }
  Result<> prepare() {
    catalog::DownloadFile file;
    file.number = 1;
    file.size_bytes = 2000;
    file.checkpoint_bytes = 400;
    return prepare_staging(posix_files(), layout_, 1, {file});
  }
  std::uint64_t part_bytes() { return must(posix_files().stat(layout_.part(1, 1))).size_bytes; }

  TempFolder folder_;
  storage::Layout layout_{folder_.path()};
};

TEST_F(StagingTest, F01_a_part_keeps_every_byte_when_only_a_process_died) {
  must(prepare());
  EXPECT_EQ(part_bytes(), 1000U);
}

TEST_F(StagingTest, F06_a_part_is_cut_to_its_checkpoint_when_the_machine_was_restarted) {
  must(write_file_atomic(posix_files(), layout_.staging_boot_id(1), "another boot", 0600));
  must(prepare());
  EXPECT_EQ(part_bytes(), 400U);
  must(prepare());
  EXPECT_EQ(part_bytes(), 400U);
}

TEST_F(StagingTest, F06_of_ranges_only_those_count_that_were_synced) {
  must(write_file_atomic(posix_files(), layout_.part(1, 2), std::string(1000, 'x'), 0600));
  must(keep_notes(posix_files(), layout_.part_ranges(1, 2), ByteRanges::parse("0-900").value()));
  must(keep_notes(posix_files(), layout_.part_synced(1, 2),
                  ByteRanges::parse("0-100 300-400").value()));
  must(prepare());
  EXPECT_EQ(read_notes(posix_files(), layout_.part_ranges(1, 2), 2000).text(), "0-900");
  must(write_file_atomic(posix_files(), layout_.staging_boot_id(1), "another boot", 0600));
  must(prepare());
  EXPECT_EQ(read_notes(posix_files(), layout_.part_ranges(1, 2), 2000).text(), "0-100 300-400");
}

TEST_F(StagingTest, F06_a_part_that_no_row_knows_is_worth_nothing_after_a_restart) {
  must(write_file_atomic(posix_files(), layout_.part(1, 7), "leftover", 0600));
  must(write_file_atomic(posix_files(), layout_.staging_boot_id(1), "another boot", 0600));
  must(prepare());
  EXPECT_EQ(must(posix_files().stat(layout_.part(1, 7))).size_bytes, 0U);
}

}  // namespace
}  // namespace modelkeep::fetch
