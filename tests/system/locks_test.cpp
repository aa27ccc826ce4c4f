// Lock files as hands other than ours may treat them. What a lock is by itself is tested in
// tests/base.
#include <csignal>
#include <filesystem>

#include "tests/system/database.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMiB = 1 << 20;

class Locks : public RunningStore {
 protected:
  bool start_with_a_download() {
    if (!start({}, {"--rate-total", "6MB"})) return false;
    hub().add_repo("long/one", 18 * kMiB, 3);
    id_ = ask("long/one");
    return wait_for_bytes(id_, 2 * kMiB);
  }
  std::int64_t id_ = 0;
};

TEST_F(Locks, F39_a_deleted_lock_of_a_running_download_does_not_spoil_it) {
  ASSERT_TRUE(start_with_a_download());
  ASSERT_TRUE(fs::remove(service().layout().download_lock(id_)));
  ASSERT_TRUE(wait_for(id_, "ready", 30'000));
  expect_whole(service());
}

TEST_F(Locks, F39_a_deleted_write_lock_lets_no_change_get_lost) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  for (int i = 0; i < 5; ++i) {
    fs::remove(service().layout().db_write_lock());
    const Answer answer =
        api().put("/api/models/test_tiny", R"({"description":")" + std::to_string(i) + "\"}");
    EXPECT_EQ(answer.status, 200) << answer.brief();
    EXPECT_EQ(model("test_tiny").text("model.description"), std::to_string(i));
  }
  expect_whole(service());
}

TEST_F(Locks, F39_a_deleted_master_lock_does_not_let_a_second_master_disturb_the_first) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fs::remove(service().layout().lock("master")));
  ProgramOptions second = service().command({"run"});
  second.set_variables["MODELKEEP_LISTEN"] = "127.0.0.1:" + std::to_string(free_port());
  auto rival = Program::start(second);
  ASSERT_TRUE(rival.has_value());
  const auto exit = rival->wait(10'000);
  EXPECT_TRUE(exit.has_value() && exit->status == 1) << "two masters run on one store";
  EXPECT_TRUE(service().wait_healthy(3'000));
}

TEST_F(Locks, F40_no_child_of_a_dead_fetcher_keeps_its_download) {
  ASSERT_TRUE(start_with_a_download());
  const std::string lock = service().layout().download_lock(id_);
  const auto holders = holders_of(lock);
  ASSERT_EQ(holders.size(), 1U);
  EXPECT_EQ(holders.front().role, Role::fetcher);
  kill(holders.front().pid, SIGKILL);
  EXPECT_TRUE(wait_until(
      [&] {
        const auto now = holders_of(lock);
        return !now.empty() && now.front().pid != holders.front().pid;
      },
      5'000));
  ASSERT_TRUE(wait_for(id_, "ready", 30'000));
}

TEST_F(Locks, the_same_download_is_never_held_by_two) {
  ASSERT_TRUE(start_with_a_download());
  const std::string lock = service().layout().download_lock(id_);
  std::size_t most = 0;
  while (download(id_).text("download.status") != "ready") {
    most = std::max(most, holders_of(lock).size());
    system_clock().sleep_ms(50);
  }
  EXPECT_EQ(most, 1U);
}

}  // namespace
}  // namespace modelkeep::system_test
