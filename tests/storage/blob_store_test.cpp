#include "storage/blob_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "storage/mount.h"
#include "tests/support/faulty_files.h"
#include "tests/support/temp_folder.h"

namespace modelkeep::storage {
namespace {

class BlobStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(open_mount(posix_files(), layout_)); }
  std::string part(const std::string& content) {
    const std::string path = layout_.staging_root() + "/part";
    EXPECT_TRUE(write_file_atomic(posix_files(), path, content, 0600));
    return path;
  }

  TempFolder folder_;
  Layout layout_{folder_.path()};
};

TEST_F(BlobStoreTest, keeps_content_read_only_under_its_digest) {
  BlobStore store(posix_files(), layout_);
  const std::string sha = sha256_hex("hello");
  ASSERT_TRUE(store.commit(part("hello"), sha, 5));
  EXPECT_EQ(*store.find(sha), 5U);
  struct stat facts {};
  ASSERT_EQ(::stat(layout_.blob(sha).c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0444U);
  EXPECT_EQ(store.list()->size(), 1U);
}

TEST_F(BlobStoreTest, keeps_the_same_bytes_once) {
  BlobStore store(posix_files(), layout_);
  const std::string sha = sha256_hex("hello");
  ASSERT_TRUE(store.commit(part("hello"), sha, 5));
  const auto before = posix_files().stat(layout_.blob(sha))->inode;
  const std::string again = part("hello");
  ASSERT_TRUE(store.commit(again, sha, 5));
  EXPECT_EQ(posix_files().stat(layout_.blob(sha))->inode, before);
  EXPECT_FALSE(posix_files().stat(again));
}

TEST_F(BlobStoreTest, replaces_a_blob_that_lost_bytes) {
  BlobStore store(posix_files(), layout_);
  const std::string sha = sha256_hex("hello");
  ASSERT_TRUE(store.commit(part("hel"), sha, 3));
  ASSERT_TRUE(store.commit(part("hello"), sha, 5));
  EXPECT_EQ(*store.find(sha), 5U);
}

TEST_F(BlobStoreTest, forgets_a_removed_blob_and_does_not_mind_a_second_removal) {
  BlobStore store(posix_files(), layout_);
  const std::string sha = sha256_hex("hello");
  ASSERT_TRUE(store.commit(part("hello"), sha, 5));
  ASSERT_TRUE(store.remove(sha));
  ASSERT_TRUE(store.remove(sha));
  EXPECT_EQ(*store.find(sha), std::nullopt);
}

TEST_F(BlobStoreTest, loses_nothing_whichever_disk_call_fails) {
  const std::string sha = sha256_hex("hello");
  for (int failing_call = 1;; ++failing_call) {
    const std::string path = part("hello");
    FaultyFiles faulty(posix_files(), failing_call, true);
    const bool committed = BlobStore(faulty, layout_).commit(path, sha, 5).has_value();
    BlobStore store(posix_files(), layout_);
    const bool part_there = posix_files().stat(path).has_value();
    const bool blob_there = store.find(sha)->has_value();
    EXPECT_TRUE(part_there || blob_there) << "failing call " << failing_call;
    if (part_there) {
      EXPECT_TRUE(store.commit(path, sha, 5)) << "failing call " << failing_call;
    }
    EXPECT_EQ(*store.find(sha), 5U);
    ASSERT_TRUE(store.remove(sha));
    if (committed) break;
  }
}

}  // namespace
}  // namespace modelkeep::storage
