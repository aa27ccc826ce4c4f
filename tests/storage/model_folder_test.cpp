#include "storage/model_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "storage/blob_store.h"
#include "storage/folder_list.h"
#include "storage/mount.h"
#include "tests/support/faulty_files.h"
#include "tests/support/temp_folder.h"

namespace modelkeep::storage {
namespace {

class ModelFolderTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(open_mount(posix_files(), layout_)); }

  FolderFile blob(const std::string& path, const std::string& content) {
    const std::string part = layout_.staging_root() + "/part";
    EXPECT_TRUE(write_file_atomic(posix_files(), part, content, 0600));
    const std::string sha = sha256_hex(content);
    EXPECT_TRUE(BlobStore(posix_files(), layout_).commit(part, sha, content.size()));
    return {path, sha};
  }
  Result<> publish(Files& files, const std::vector<FolderFile>& content) {
    TRY(build_folder(files, layout_, aside_, content));
    return swap_in(files, aside_, target_);
  }
  std::string read(const std::string& path) {
    return read_file(posix_files(), target_ + "/" + path, 1000).value_or("(absent)");
  }

  TempFolder folder_;
  Layout layout_{folder_.path()};
  std::string aside_ = layout_.staged_tree(1);
  std::string target_ = layout_.model_dir("acme_tiny");
};

TEST_F(ModelFolderTest, shows_plain_read_only_files_that_share_their_blobs_inode) {
  const FolderFile file = blob("sub/dir/a.txt", "hello");
  ASSERT_TRUE(publish(posix_files(), {file, blob("b", "")}));
  EXPECT_EQ(read("sub/dir/a.txt"), "hello");
  EXPECT_EQ(posix_files().stat(target_ + "/sub/dir/a.txt")->inode,
            posix_files().stat(layout_.blob(file.sha256))->inode);
  struct stat facts {};
  ASSERT_EQ(::stat((target_ + "/sub").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0755U);
  ASSERT_EQ(::stat((target_ + "/b").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0444U);
}

TEST_F(ModelFolderTest, is_exchanged_whole_and_hands_the_old_one_back) {
  ASSERT_TRUE(publish(posix_files(), {blob("old", "1")}));
  ASSERT_TRUE(publish(posix_files(), {blob("new", "2")}));
  EXPECT_EQ(*list_folder(target_), std::vector<std::string>{"new"});
  EXPECT_EQ(*list_folder(aside_), std::vector<std::string>{"old"});
  ASSERT_TRUE(swap_back(posix_files(), aside_, target_));
  EXPECT_EQ(*list_folder(target_), std::vector<std::string>{"old"});
}

TEST_F(ModelFolderTest, gives_its_name_up_when_the_first_swap_is_undone) {
  ASSERT_TRUE(publish(posix_files(), {blob("a", "1")}));
  ASSERT_TRUE(swap_back(posix_files(), aside_, target_));
  EXPECT_FALSE(posix_files().stat(target_));
}

TEST_F(ModelFolderTest, never_replaces_what_a_person_put_there) {
  ASSERT_TRUE(posix_files().make_folders(target_, 0755));
  ASSERT_TRUE(write_file_atomic(posix_files(), target_ + "/notes.txt", "mine", 0644));
  const auto published = publish(posix_files(), {blob("a", "1")});
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().code, codes::folder_in_the_way);
  EXPECT_EQ(read("notes.txt"), "mine");
}

TEST_F(ModelFolderTest, is_old_or_new_and_never_mixed_whichever_disk_call_fails) {
  const std::vector<FolderFile> old_content = {blob("a", "1"), blob("d/b", "2")};
  const std::vector<FolderFile> new_content = {blob("a", "3"), blob("d/c", "4")};
  for (const bool dies : {false, true}) {
    for (int failing_call = 1;; ++failing_call) {
      ASSERT_TRUE(publish(posix_files(), old_content));
      FaultyFiles faulty(posix_files(), failing_call, dies);
      const bool published = publish(faulty, new_content).has_value();
      const bool is_old = read("a") == "1" && read("d/b") == "2" && read("d/c") == "(absent)";
      const bool is_new = read("a") == "3" && read("d/c") == "4" && read("d/b") == "(absent)";
      EXPECT_TRUE(is_old || is_new) << "failing call " << failing_call;
      EXPECT_TRUE(publish(posix_files(), new_content))
          << "again after failing call " << failing_call;
      EXPECT_EQ(read("d/c"), "4");
      if (published && faulty.calls() < failing_call) break;
    }
  }
}

TEST_F(ModelFolderTest, is_copied_where_the_file_system_cannot_link) {
  class NoLinks : public FaultyFiles {
   public:
    using FaultyFiles::FaultyFiles;
    Result<> link(const std::string& existing, const std::string& /*name*/) override {
      return tl::unexpected{errno_error(EPERM, "link", existing)};
    }
  };
  NoLinks files(posix_files(), 0);
  const auto built = build_folder(files, layout_, aside_, {blob("a", "hello")});
  ASSERT_TRUE(built);
  EXPECT_FALSE(built->shared);
  ASSERT_TRUE(swap_in(files, aside_, target_));
  EXPECT_EQ(read("a"), "hello");
  ASSERT_TRUE(publish(files, {blob("a", "again")}));
}

}  // namespace
}  // namespace modelkeep::storage
