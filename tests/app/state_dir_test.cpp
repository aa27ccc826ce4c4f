#include "app/state_dir.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temp_folder.h"

namespace modelkeep::app {
namespace {

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

TEST(StateDir, makes_private_folders_in_an_open_mount) {
  const TempFolder folder;
  const mode_t before = umask(0027);
  const storage::Layout layout(folder.path() + "/deep/models");
  const auto prepared = prepare_folders(layout);
  umask(before);
  ASSERT_TRUE(prepared) << prepared.error().message;
  EXPECT_EQ(mode_of(layout.mount()), 0755u);
  EXPECT_EQ(mode_of(layout.own_dir()), 0755u);
  for (const std::string& path : {layout.state_dir(), layout.locks_dir(), layout.journal_dir(),
                                  layout.backups_dir(), layout.keys_dir(), layout.run_dir()}) {
    EXPECT_EQ(mode_of(path), 0700u) << path;
  }
  EXPECT_TRUE(prepare_folders(layout)) << "a second start";
}

TEST(StateDir, refuses_a_state_folder_that_others_may_write) {
  const TempFolder folder;
  const storage::Layout layout(folder.path() + "/models");
  ASSERT_TRUE(prepare_folders(layout));
  chmod(layout.state_dir().c_str(), 0777);
  const auto refused = prepare_folders(layout);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().message.starts_with("state_dir"));
}

TEST(StateDir, closes_a_state_folder_that_others_could_read) {
  const TempFolder folder;
  const storage::Layout layout(folder.path() + "/models");
  ASSERT_TRUE(prepare_folders(layout));
  chmod(layout.state_dir().c_str(), 0755);
  ASSERT_TRUE(prepare_folders(layout));
  EXPECT_EQ(mode_of(layout.state_dir()), 0700u);
}

TEST(StateDir, refuses_a_private_folder_that_is_a_link) {
  const TempFolder folder;
  const storage::Layout layout(folder.path() + "/models", folder.path() + "/state");
  ASSERT_EQ(symlink("/tmp", (folder.path() + "/state").c_str()), 0);
  EXPECT_FALSE(prepare_folders(layout));
}

TEST(StateDir, says_which_setting_names_a_mount_that_cannot_be_made) {
  const storage::Layout layout("/proc/models");
  const auto refused = prepare_folders(layout);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().message.starts_with("mount_point"));
  EXPECT_NE(refused.error().message.find("MODELS_MOUNT_POINT"), std::string::npos);
}

}  // namespace
}  // namespace modelkeep::app
