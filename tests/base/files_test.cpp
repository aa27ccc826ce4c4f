#include "base/files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/temp_folder.h"

namespace modelkeep {
namespace {

TEST(Files, replaces_a_file_in_one_step) {
  const TempFolder folder;
  const std::string path = folder.path() + "/state";
  ASSERT_TRUE(write_file_atomic(posix_files(), path, "old", 0600).has_value());
  ASSERT_TRUE(write_file_atomic(posix_files(), path, "new", 0600).has_value());
  EXPECT_EQ(read_file(posix_files(), path, 100).value(), "new");
  EXPECT_EQ(read_file(posix_files(), path, 2).error().kind, ErrorKind::too_large);
}

TEST(Files, does_not_open_a_symlink) {
  const TempFolder folder;
  const std::string link = folder.path() + "/link";
  ASSERT_EQ(::symlink("/etc/passwd", link.c_str()), 0);
  EXPECT_FALSE(posix_files().open(link, OpenMode::read).has_value());
}

TEST(Files, turns_errno_into_a_kind) {
  EXPECT_EQ(errno_error(ENOSPC, "write", "x").code, codes::disk_full);
  EXPECT_EQ(errno_error(EDQUOT, "write", "x").kind, ErrorKind::no_space);
  EXPECT_EQ(errno_error(EROFS, "open", "x").code, codes::storage_readonly);
  EXPECT_EQ(errno_error(ENOENT, "open", "x").kind, ErrorKind::not_found);
  EXPECT_EQ(errno_error(EMFILE, "open", "x").kind, ErrorKind::unavailable);
  EXPECT_EQ(errno_error(EIO, "read", "x").kind, ErrorKind::internal);
}

TEST(Files, keeps_host_paths_out_of_the_message) {
  EXPECT_EQ(errno_error(EIO, "read", "/srv/secret").message.find("/srv"), std::string::npos);
}

}  // namespace
}  // namespace modelkeep
