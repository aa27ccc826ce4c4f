#include "base/file_lock.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/temp_folder.h"

namespace modelkeep {
namespace {

using std::chrono::milliseconds;

class FileLockTest : public ::testing::Test {
 protected:
  TempFolder folder_;
  std::string path_ = folder_.path() + "/a.lock";
};

TEST_F(FileLockTest, keeps_a_second_taker_out_until_it_goes) {
  {
    const auto first = FileLock::try_take(path_);
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(FileLock::try_take(path_).error().code, codes::lock_held);
    EXPECT_EQ(FileLock::take(path_, milliseconds(20)).error().code, codes::lock_held);
  }
  EXPECT_TRUE(FileLock::try_take(path_).has_value());
}

TEST_F(FileLockTest, is_free_again_after_its_holder_died) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = FileLock::try_take(path_);
    [[maybe_unused]] const auto told = ::write(ready[1], held ? "y" : "n", 1);
    ::pause();
    ::_exit(0);
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  EXPECT_FALSE(FileLock::try_take(path_).has_value());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(FileLock::take(path_, milliseconds(1000)).has_value());
}

TEST_F(FileLockTest, F40_does_not_live_on_in_an_executed_child) {
  pid_t child = 0;
  {
    const auto held = FileLock::try_take(path_);
    ASSERT_TRUE(held.has_value());
    child = ::fork();
    if (child == 0) {
      ::execl("/bin/sleep", "sleep", "30", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    ::usleep(50'000);
  }
  EXPECT_TRUE(FileLock::take(path_, milliseconds(2000)).has_value());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST_F(FileLockTest, F39_notices_that_its_file_was_replaced) {
  const auto held = FileLock::try_take(path_);
  ASSERT_TRUE(held.has_value());
  EXPECT_TRUE(held->still_ours());
  ASSERT_EQ(::unlink(path_.c_str()), 0);
  EXPECT_FALSE(held->still_ours());
}

}  // namespace
}  // namespace modelkeep
