#include "base/shared_page.h"

#include <atomic>
#include <cstdint>
#include <fstream>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file_lock.h"
#include "tests/support/temp_folder.h"

namespace modelkeep {
namespace {

struct Counter {
  static constexpr std::string_view kLayout = "counter 1";
  std::atomic<std::int64_t> value;
};

struct OtherCounter {
  static constexpr std::string_view kLayout = "counter 2";
  std::atomic<std::int64_t> elsewhere;
  std::atomic<std::int64_t> value;
};

class SharedPageTest : public ::testing::Test {
 protected:
  void write(const std::string& content) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << content;
  }
  ino_t inode() const {
    struct stat found {};
    EXPECT_EQ(::stat(path_.c_str(), &found), 0);
    return found.st_ino;
  }

  TempFolder folder_;
  std::string path_ = folder_.path() + "/page";
};

TEST_F(SharedPageTest, begins_with_zeros) {
  const auto page = open_shared_page<Counter>(path_);
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ((*page)->value.load(), 0);
}

TEST_F(SharedPageTest, is_one_for_all_processes) {
  const auto page = open_shared_page<Counter>(path_);
  ASSERT_TRUE(page.has_value());
  const pid_t child = ::fork();
  if (child == 0) {
    const auto other = open_shared_page<Counter>(path_);
    if (other) (*other)->value.store(7);
    ::_exit(other ? 0 : 1);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ((*page)->value.load(), 7);
}

TEST_F(SharedPageTest, keeps_what_stands_in_it_while_nobody_has_it_open) {
  (*open_shared_page<Counter>(path_))->value.store(7);
  EXPECT_EQ((*open_shared_page<Counter>(path_))->value.load(), 7);
}

TEST_F(SharedPageTest, takes_up_a_file_that_a_crash_left_empty) {
  write("");
  const ino_t before = inode();
  const auto page = open_shared_page<Counter>(path_);
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(inode(), before);
}

TEST_F(SharedPageTest, replaces_what_has_another_size_or_another_beginning) {
  for (const std::string& content :
       {std::string("short"), std::string(kSharedPageBytes, 'x'),
        std::string("counter 1") + std::string(kSharedPageBytes, '\0')}) {
    write(content);
    const auto page = open_shared_page<Counter>(path_);
    ASSERT_TRUE(page.has_value()) << content.size();
    EXPECT_EQ((*page)->value.load(), 0) << content.size();
    (*open_shared_page<Counter>(path_))->value.store(3);
    EXPECT_EQ((*page)->value.load(), 3) << "one for all again";
  }
}

TEST_F(SharedPageTest, leaves_a_page_of_another_version_to_its_users) {
  const auto older = open_shared_page<Counter>(path_);
  ASSERT_TRUE(older.has_value());
  (*older)->value.store(7);
  const auto newer = open_shared_page<OtherCounter>(path_);
  ASSERT_TRUE(newer.has_value());
  (*newer)->elsewhere.store(1);
  EXPECT_EQ((*older)->value.load(), 7);
  EXPECT_EQ((*newer)->value.load(), 0);
}

TEST_F(SharedPageTest, gives_all_who_replace_it_at_once_the_same_page) {
  for (int round = 0; round < 50; ++round) {
    write("from elsewhere");
    constexpr int kOpeners = 4;
    std::vector<std::shared_ptr<Counter>> pages(kOpeners);
    {
      std::vector<std::jthread> openers;
      for (auto& page : pages) {
        openers.emplace_back([this, &page] {
          if (auto opened = open_shared_page<Counter>(path_)) page = std::move(*opened);
        });
      }
    }
    for (const auto& page : pages) {
      ASSERT_TRUE(page);
      page->value.fetch_add(1);
    }
    EXPECT_EQ(pages.front()->value.load(), kOpeners);
  }
}

TEST_F(SharedPageTest, holds_no_lock_while_it_is_open) {
  const auto page = open_shared_page<Counter>(path_);
  ASSERT_TRUE(page.has_value());
  EXPECT_TRUE(FileLock::try_take(path_).has_value());
}

TEST_F(SharedPageTest, says_which_path_cannot_be_opened) {
  ASSERT_EQ(::mkdir(path_.c_str(), 0700), 0);
  const auto folder = open_shared_page<Counter>(path_);
  ASSERT_FALSE(folder.has_value());
  EXPECT_NE(folder.error().cause.find(path_), std::string::npos);
  EXPECT_FALSE(open_shared_page<Counter>(folder_.path() + "/missing/page").has_value());
}

TEST_F(SharedPageTest, follows_no_symlink) {
  const std::string target = folder_.path() + "/target";
  ASSERT_EQ(::symlink(target.c_str(), path_.c_str()), 0);
  EXPECT_FALSE(open_shared_page<Counter>(path_).has_value());
  EXPECT_NE(::access(target.c_str(), F_OK), 0);
}

}  // namespace
}  // namespace modelkeep
