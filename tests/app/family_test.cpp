#include "app/family.h"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/proc_table.h"
#include "app/process.h"
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
