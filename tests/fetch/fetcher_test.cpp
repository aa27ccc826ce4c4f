// Whole fetchers as processes: several at once, killed, stopped, asked.
#include <csignal>

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/files.h"
#include "catalog/models.h"
#include "fetch/ask.h"
#include "tests/fetch/fetch_fixture.h"

namespace modelkeep::fetch {
namespace {

using standin::Call;

class FetcherTest : public FetchTest {
 protected:
  void SetUp() override {
    FetchTest::SetUp();
    must(posix_files().make_folders(layout().run_dir(), 0700));
    listener_ = Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = layout().fetch_socket();
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener_.get(), 16), 0);
  }
  void TearDown() override {
    for (const pid_t pid : fetchers_) kill_fetcher(pid);
  }

  /// A hub that is slow enough to be caught at work.
  void slow_hub(std::uint64_t bytes_per_second) {
    hub_ = must(standin::StandinHub::start({.rate_per_connection = bytes_per_second}));
    standin::add_test_catalog(hub_->repos());
    config_.upstream.endpoint = hub_->url();
  }

  // A fork, because a kill -9 takes a process. The child opens connections of its own.
  pid_t start_fetcher(int index = 0) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      FetcherConfig config{
          .layout = config_.layout, .state = config_.state, .upstream = config_.upstream};
      config.listener = Fd(::dup(listener_.get()));
      config.index = index;
      config.retry = config_.retry;
      config.ranges = config_.ranges;
      config.chores = chores_;
      static std::stop_source stop;
      std::signal(SIGTERM, [](int) { stop.request_stop(); });
      const auto ran = run_fetcher(std::move(config), stop.get_token());
      ::_exit(ran ? 0 : 1);
    }
    fetchers_.push_back(pid);
    return pid;
  }
  void kill_fetcher(pid_t pid) {
    if (std::erase(fetchers_, pid) == 0) return;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  // A second when the machine has nothing else to do; tests must not fail because it has.
  static constexpr int kPromptly = 4;
  template <class Condition>
  bool within(int seconds, Condition&& condition) {
    for (int i = 0; i < seconds * 50; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return condition();
  }
  bool gets_ready(std::int64_t id, int seconds = 90) {
    return within(seconds, [&] { return row(id).status == catalog::DownloadStatus::ready; });
  }
  bool gets_past(std::int64_t id, std::int64_t bytes) {
    return within(60, [&] { return row(id).bytes_done > bytes; });
  }

  Fd listener_;
  std::vector<pid_t> fetchers_;
  std::vector<Chore> chores_;
};

TEST_F(FetcherTest, takes_folders_away_while_a_chore_takes_its_time) {
  bring("test/tiny");
  const std::string begun = layout().run_dir() + "/begun";
  chores_ = {{"long", 1'000, [begun](sqlite::Connection&) -> Result<> {
                TRY(write_file_atomic(posix_files(), begun, "", 0600));
                ::pause();
                return {};
              }}};
  start_fetcher();
  ASSERT_TRUE(within(kPromptly, [&] { return ::access(begun.c_str(), F_OK) == 0; }));
  must(catalog::delete_model(db(), "test_tiny", system_clock().now()));
  const std::string folder = layout().model_dir("test_tiny");
  EXPECT_TRUE(within(kPromptly, [&] { return ::access(folder.c_str(), F_OK) != 0; }));
}

TEST_F(FetcherTest, F01_killed_in_the_middle_goes_on_in_another_and_fetches_nothing_twice) {
  slow_hub(4'000'000);
  const std::int64_t id = ask("test/medium");
  const pid_t first = start_fetcher();
  ASSERT_TRUE(gets_past(id, 3'000'000));
  kill_fetcher(first);
  start_fetcher(1);
  ASSERT_TRUE(gets_ready(id)) << status_of(row(id));
  expect_whole("test_medium", "test/medium");
  // What was on the wire when the process died comes twice, and no more.
  EXPECT_LT(hub_->log().calls["cdn"].body_bytes, 10'500'000U);
}

TEST_F(FetcherTest, F01_killed_with_many_ranges_on_the_way_fetches_little_twice) {
  config_.ranges = {1 << 20, 256 << 10, 1 << 20};
  slow_hub(500'000);
  const std::int64_t id = ask("test/medium");
  const pid_t first = start_fetcher();
  ASSERT_TRUE(gets_past(id, 4'000'000));
  kill_fetcher(first);
  start_fetcher(1);
  ASSERT_TRUE(gets_ready(id)) << status_of(row(id));
  expect_whole("test_medium", "test/medium");
  // What the sockets held, and a fifth of a second.
  EXPECT_LT(hub_->log().calls["cdn"].body_bytes, 12'000'000U);
}

TEST_F(FetcherTest, F01_survives_many_deaths) {
  slow_hub(6'000'000);
  const std::int64_t id = ask("test/medium");
  for (int death = 0; death < 6; ++death) {
    const pid_t pid = start_fetcher();
    std::this_thread::sleep_for(std::chrono::milliseconds(200 + 150 * death));
    kill_fetcher(pid);
  }
  start_fetcher();
  ASSERT_TRUE(gets_ready(id)) << status_of(row(id));
  expect_whole("test_medium", "test/medium");
  EXPECT_TRUE(within(20, [&] { return staged().empty(); }));
}

TEST_F(FetcherTest, F35_two_fetchers_bring_each_model_once) {
  start_fetcher(0);
  start_fetcher(1);
  std::vector<std::int64_t> ids;
  for (const char* name :
       {"test/tiny", "test/medium", "test/sharded", "test/formats", "test/odd-names"}) {
    ids.push_back(ask(name));
    EXPECT_EQ(ask(name), ids.back());
  }
  for (const std::int64_t id : ids) EXPECT_TRUE(gets_ready(id)) << status_of(row(id));
  // One that waited for a slot was resolved once while it waited and once when it began.
  EXPECT_LE(hub_->log().count(Call::info), 2 * ids.size());
  EXPECT_EQ(hub_->log().count(Call::cdn, "model.safetensors"), 3U);
}

TEST_F(FetcherTest, F36_a_cancelled_download_is_dead_within_a_second_and_leaves_nothing) {
  slow_hub(1'000'000);
  const std::int64_t id = ask("test/medium");
  start_fetcher();
  ASSERT_TRUE(gets_past(id, 500'000));
  must(catalog::cancel_download(db(), id, system_clock().now()));
  EXPECT_TRUE(within(kPromptly,
                     [&] { return FileLock::try_take(layout().download_lock(id)).has_value(); }));
  EXPECT_TRUE(within(20, [&] { return staged().empty(); }));
  const std::int64_t again = ask("test/tiny");
  EXPECT_TRUE(gets_ready(again));
}

TEST_F(FetcherTest, a_paused_download_stops_within_a_second_and_goes_on_where_it_was) {
  slow_hub(2'000'000);
  const std::int64_t id = ask("test/medium");
  start_fetcher();
  ASSERT_TRUE(gets_past(id, 2'000'000));
  must(catalog::pause_download(db(), id));
  EXPECT_TRUE(within(kPromptly,
                     [&] { return FileLock::try_take(layout().download_lock(id)).has_value(); }));
  must(catalog::resume_download(db(), id));
  static_cast<void>(ask_to_wake(layout().fetch_socket()));
  ASSERT_TRUE(gets_ready(id));
  EXPECT_LT(hub_->log().calls["cdn"].body_bytes, 9'500'000U);
}

TEST_F(FetcherTest, F46_told_to_stop_it_ends_at_once_and_hands_its_download_on) {
  slow_hub(2'000'000);
  const std::int64_t id = ask("test/medium");
  const pid_t pid = start_fetcher();
  ASSERT_TRUE(gets_past(id, 1'000'000));
  ::kill(pid, SIGTERM);
  const std::int64_t asked_ms = system_clock().mono_ms();
  int status = 0;
  ::waitpid(pid, &status, 0);
  std::erase(fetchers_, pid);
  EXPECT_LT(system_clock().mono_ms() - asked_ms, 6'000);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(status_of(row(id)), "queued");
}

TEST_F(FetcherTest, shows_how_far_it_is_while_it_works) {
  slow_hub(2'000'000);
  const std::int64_t id = ask("test/medium");
  start_fetcher();
  ASSERT_TRUE(gets_past(id, 1'000'000));
  std::vector<std::int64_t> seen;
  ASSERT_TRUE(within(10, [&] {
    const auto now = row(id).bytes_done;
    if (seen.empty() || seen.back() != now) seen.push_back(now);
    return seen.size() >= 5;
  }));
  const auto download = row(id);
  EXPECT_GT(download.bytes_per_second, 500'000);
  EXPECT_TRUE(download.eta_seconds.has_value());
}

TEST_F(FetcherTest, F36_a_deleted_model_is_gone_before_the_question_is_answered) {
  start_fetcher();
  const std::int64_t id = ask("test/tiny");
  ASSERT_TRUE(gets_ready(id));
  must(catalog::delete_model(db(), "test_tiny", system_clock().now()));
  ASSERT_TRUE(ask_to_remove(layout().fetch_socket(), 5'000));
  EXPECT_FALSE(posix_files().stat(layout().model_dir("test_tiny")));
  const std::int64_t again = ask("test/tiny");
  ASSERT_TRUE(gets_ready(again));
  expect_whole("test_tiny", "test/tiny");
}

TEST_F(FetcherTest, F38_a_stopped_fetcher_keeps_its_download_and_finishes_it) {
  slow_hub(4'000'000);
  const std::int64_t id = ask("test/medium");
  const pid_t stopped = start_fetcher();
  ASSERT_TRUE(gets_past(id, 1'000'000));
  ::kill(stopped, SIGSTOP);
  start_fetcher(1);
  std::this_thread::sleep_for(std::chrono::seconds(3));
  EXPECT_EQ(row(id).epoch, 1);
  ::kill(stopped, SIGCONT);
  ASSERT_TRUE(gets_ready(id)) << status_of(row(id));
  expect_whole("test_medium", "test/medium");
}

TEST_F(FetcherTest, without_one_a_question_says_so) {
  listener_.reset();
  const auto asked = ask_to_wake(layout().fetch_socket());
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, codes::fetcher_unavailable);
}

}  // namespace
}  // namespace modelkeep::fetch
