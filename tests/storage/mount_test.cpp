#include "storage/mount.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "storage/space.h"
#include "storage/trash.h"
#include "tests/support/temp_folder.h"

namespace modelkeep::storage {
namespace {

TEST(Mount, becomes_a_store_once_and_stays_that_one) {
  const TempFolder folder;
  const Layout layout(folder.path());
  ASSERT_TRUE(open_mount(posix_files(), layout));
  const auto id = read_file(posix_files(), layout.marker(), 100);
  ASSERT_TRUE(open_mount(posix_files(), layout));
  EXPECT_EQ(*read_file(posix_files(), layout.marker(), 100), *id);
  EXPECT_TRUE(check_mount(posix_files(), layout));
  EXPECT_TRUE(check_writable(posix_files(), layout));
}

TEST(Mount, that_is_gone_is_noticed_and_nothing_is_written_below_it) {
  const TempFolder state;
  const TempFolder mount;
  const Layout layout(mount.path(), state.path());
  ASSERT_TRUE(open_mount(posix_files(), layout));
  std::filesystem::remove_all(mount.path() + "/.modelkeep");
  for (const auto& checked : {open_mount(posix_files(), layout), check_mount(posix_files(), layout),
                              check_writable(posix_files(), layout)}) {
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, codes::storage_missing);
  }
  EXPECT_TRUE(std::filesystem::is_empty(mount.path()));
}

TEST(Mount, of_another_store_is_refused) {
  const TempFolder state;
  const TempFolder one;
  const TempFolder other;
  ASSERT_TRUE(open_mount(posix_files(), Layout(one.path(), state.path())));
  ASSERT_TRUE(open_mount(posix_files(), Layout(other.path())));
  const auto opened = open_mount(posix_files(), Layout(other.path(), state.path()));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, codes::storage_missing);
}

TEST(Mount, tells_what_its_file_system_can_do) {
  const TempFolder folder;
  const Layout layout(folder.path());
  ASSERT_TRUE(open_mount(posix_files(), layout));
  const auto facts = probe_mount(posix_files(), layout);
  ASSERT_TRUE(facts);
  EXPECT_TRUE(facts->hard_links);
  EXPECT_TRUE(facts->exchange);
  EXPECT_FALSE(facts->folds_case);
}

TEST(Trash, takes_a_folder_away_in_one_step_and_may_be_repeated) {
  const TempFolder folder;
  const Layout layout(folder.path());
  ASSERT_TRUE(open_mount(posix_files(), layout));
  const std::string path = layout.model_dir("m");
  ASSERT_TRUE(posix_files().make_folders(path + "/deep/er", 0755));
  ASSERT_TRUE(write_file_atomic(posix_files(), path + "/deep/f", "x", 0444));
  ASSERT_TRUE(move_to_trash(posix_files(), layout, path, "1"));
  EXPECT_FALSE(posix_files().stat(path));
  ASSERT_TRUE(move_to_trash(posix_files(), layout, path, "1"));
  ASSERT_TRUE(empty_trash_entry(posix_files(), layout, "1"));
  ASSERT_TRUE(empty_trash_entry(posix_files(), layout, "1"));
  EXPECT_FALSE(posix_files().stat(layout.trash_entry("1")));
}

TEST(Trash, does_not_follow_links_out_of_the_store) {
  const TempFolder folder;
  const TempFolder outside;
  const Layout layout(folder.path());
  ASSERT_TRUE(open_mount(posix_files(), layout));
  ASSERT_TRUE(write_file_atomic(posix_files(), outside.path() + "/keep", "x", 0644));
  ASSERT_TRUE(posix_files().make_folders(layout.model_dir("m"), 0755));
  std::filesystem::create_symlink(outside.path(), layout.model_dir("m") + "/link");
  ASSERT_TRUE(move_to_trash(posix_files(), layout, layout.model_dir("m"), "1"));
  ASSERT_TRUE(empty_trash_entry(posix_files(), layout, "1"));
  EXPECT_TRUE(posix_files().stat(outside.path() + "/keep"));
}

TEST(Space, keeps_a_reserve_and_counts_the_others) {
  constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
  struct Row {
    const char* what;
    std::uint64_t needed, outstanding, total, free;
    bool fits;
  };
  constexpr Row kRows[] = {
      {"plenty", kGiB, 0, 100 * kGiB, 50 * kGiB, true},
      {"into the 2 % of a small disk", 49 * kGiB, 0, 100 * kGiB, 50 * kGiB, false},
      {"just beside it", 48 * kGiB, 0, 100 * kGiB, 50 * kGiB, true},
      {"a large disk keeps 5 GiB only", 45 * kGiB, 0, 10'000 * kGiB, 50 * kGiB, true},
      {"others have asked first", 10 * kGiB, 40 * kGiB, 100 * kGiB, 50 * kGiB, false},
      {"nothing fits when others want more than there is", 1, 60 * kGiB, 100 * kGiB, 50 * kGiB,
       false},
      {"nothing needs nothing", 0, 60 * kGiB, 100 * kGiB, 0, true},
  };
  for (const Row& row : kRows) {
    const auto checked = check_space(row.needed, row.outstanding, {row.total, row.free});
    EXPECT_EQ(checked.has_value(), row.fits) << row.what;
    if (!checked) {
      EXPECT_EQ(checked.error().code, codes::storage_insufficient) << row.what;
    }
  }
}

}  // namespace
}  // namespace modelkeep::storage
