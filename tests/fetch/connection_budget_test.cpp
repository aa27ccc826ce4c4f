#include "fetch/connection_budget.h"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/temp_folder.h"
#include "tests/support/test_store.h"

namespace modelkeep::fetch {
namespace {

TEST(FairGoal, shares_when_somebody_lacks_and_only_then) {
  struct Row {
    const char* what;
    int wanted;
    int limit;
    int others;
    bool others_lack;
    int expected;
  };
  constexpr Row kRows[] = {
      {"alone", 64, 16, 0, false, 16},
      {"alone and modest", 3, 16, 0, false, 3},
      {"the other has enough", 64, 16, 1, false, 16},
      {"the other lacks", 64, 16, 1, true, 8},
      {"three lack", 64, 16, 3, true, 4},
      {"more downloads than connections", 64, 2, 5, true, 1},
      {"little is wanted anyway", 2, 16, 1, true, 2},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(fair_goal(row.wanted, row.limit, row.others, row.others_lack), row.expected)
        << row.what;
  }
}

class ConnectionBudgetTest : public ::testing::Test {
 protected:
  ConnectionBudget join() { return must(ConnectionBudget::join(folder_.path() + "/budget")); }
  TempFolder folder_;
};

TEST_F(ConnectionBudgetTest, is_all_for_one_who_is_alone) {
  auto one = join();
  EXPECT_EQ(one.update(0, 64, 16), 16);
  EXPECT_EQ(one.update(0, 3, 16), 3);
}

TEST_F(ConnectionBudgetTest, is_never_exceeded_and_soon_fair) {
  auto one = join();
  EXPECT_EQ(one.update(0, 64, 16), 16);
  auto other = join();
  EXPECT_EQ(other.update(0, 64, 16), 0);
  // The first gives back as its connections end.
  EXPECT_EQ(one.update(16, 64, 16), 8);
  EXPECT_EQ(one.held(), 16);
  EXPECT_EQ(other.update(0, 64, 16), 0);
  EXPECT_EQ(one.update(11, 64, 16), 8);
  EXPECT_EQ(other.update(0, 64, 16), 5);
  EXPECT_EQ(one.update(8, 64, 16), 8);
  EXPECT_EQ(other.update(5, 64, 16), 8);
  EXPECT_EQ(one.held() + other.held(), 16);
}

TEST_F(ConnectionBudgetTest, lends_what_another_does_not_want) {
  auto one = join();
  auto other = join();
  EXPECT_EQ(other.update(0, 2, 16), 2);
  EXPECT_EQ(one.update(0, 64, 16), 14);
}

TEST_F(ConnectionBudgetTest, follows_a_limit_that_changes) {
  auto one = join();
  EXPECT_EQ(one.update(0, 64, 16), 16);
  EXPECT_EQ(one.update(16, 64, 4), 4);
  EXPECT_EQ(one.update(0, 64, 4), 4);
  EXPECT_EQ(one.held(), 4);
  EXPECT_EQ(one.update(4, 64, 8), 8);
  EXPECT_EQ(one.update(4, 64, 0), 64);
}

TEST_F(ConnectionBudgetTest, leaves_one_for_each_download) {
  auto one = join();
  auto other = join();
  EXPECT_EQ(one.update(0, 64, 1), 2);
  EXPECT_EQ(other.update(0, 64, 1), 0);
  EXPECT_EQ(one.update(1, 64, 1), 1);
  EXPECT_EQ(other.update(0, 64, 1), 1);
}

TEST_F(ConnectionBudgetTest, is_whole_again_after_a_holder_was_killed) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto theirs = join();
    theirs.update(0, 64, 16);
    ::raise(SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(join().update(0, 64, 16), 16);
}

}  // namespace
}  // namespace modelkeep::fetch
