#include "app/family.h"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/proc_table.h"
#include "app/process.h"
#include "app/signals.h"
#include "tests/support/temp_folder.h"

namespace modelkeep::app {
namespace {

TEST(Family, refuses_a_second_master) {
  const TempFolder folder;
  const auto first = Family::found(folder.path() + "/m", folder.path() + "/f", system_clock());
  ASSERT_TRUE(first);
  const auto second = Family::found(folder.path() + "/m", folder.path() + "/f", system_clock());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, codes::lock_held);
}

TEST(Family, leaves_a_living_master_alone_whose_lock_file_was_deleted) {
  const TempFolder folder;
  const Signals signals = Signals::block({SIGUSR1});
  const pid_t master = fork();
  ASSERT_GE(master, 0);
  if (master == 0) {
    const auto family = Family::found(folder.path() + "/m", folder.path() + "/f", system_clock());
    unlink((folder.path() + "/m").c_str());
    kill(getppid(), SIGUSR1);
    pause();
    _exit(family ? 0 : 1);
  }
  EXPECT_EQ(signals.wait(10'000), SIGUSR1) << "it says when it is there";
  const auto second = Family::found(folder.path() + "/m", folder.path() + "/f", system_clock());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, codes::lock_held);
  int status = 0;
  EXPECT_EQ(waitpid(master, &status, WNOHANG), 0) << "it still lives";
  kill(master, SIGKILL);
  waitpid(master, &status, 0);
}

TEST(Family, ends_the_children_of_a_master_that_was_killed) {
  const TempFolder folder;
  const std::string lock = folder.path() + "/f";
  pid_t orphan = -1;
  {
    auto first = Family::found(folder.path() + "/m", lock, system_clock());
    ASSERT_TRUE(first);
    Command command;
    command.program = "/bin/sleep";
    command.arguments = {"60"};
    command.descriptors = {first->descriptor()};
    orphan = spawn(command).value();
    EXPECT_EQ(holders_of(lock), std::vector<pid_t>{orphan});
  }
  EXPECT_TRUE(Family::found(folder.path() + "/m", lock, system_clock()));
  int status = 0;
  EXPECT_EQ(waitpid(orphan, &status, 0), orphan);
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

}  // namespace
}  // namespace modelkeep::app
