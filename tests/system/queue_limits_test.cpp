// The queue of a team: whose turn it is, limits that change while downloads run, hours, disk space.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/system/machine.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMiB = 1 << 20;

class QueueLimits : public RunningStore {
 protected:
  Answer put(const std::string& body) { return api().put("/api/settings", body); }
  std::size_t running() {
    const Answer list = api().get("/api/downloads?status=active");
    std::size_t count = 0;
    for (std::size_t i = 0; i < list.size("downloads"); ++i) {
      const std::string status = list.text("downloads." + std::to_string(i) + ".status");
      if (status == "downloading" || status == "verifying") ++count;
    }
    return count;
  }
  std::vector<std::int64_t> ask_many(const std::string& owner, int count,
                                     const std::string& username, std::int64_t bytes) {
    std::vector<std::int64_t> ids;
    for (int i = 0; i < count; ++i) {
      const std::string name = owner + "/m" + std::to_string(i);
      hub().add_repo(name, static_cast<std::uint64_t>(bytes), static_cast<int>(owner[0]) * 100 + i);
      ids.push_back(ask(name, "\"username\":\"" + username + "\""));
    }
    return ids;
  }
};

TEST_F(QueueLimits, downloads_at_once_follow_the_setting_while_they_run) {
  ServiceOptions options;
  options.environment["MODELKEEP_FETCHERS"] = "2";
  ASSERT_TRUE(start(options, {"--rate-total", "4MB"}));
  const auto ids = ask_many("many", 6, "ada", 8 * kMiB);
  EXPECT_TRUE(wait_until([&] { return running() == 2; }, 10'000));
  ASSERT_EQ(put(R"({"limits.downloads":4})").status, 200);
  EXPECT_TRUE(wait_until([&] { return running() == 4; }, 3'000));
  ASSERT_EQ(put(R"({"limits.downloads":1})").status, 200);
  EXPECT_TRUE(wait_until([&] { return running() == 1; }, 3'000));
  // Those that were sent back keep their bytes and say what they wait for.
  std::size_t kept = 0;
  for (const std::int64_t id : ids) {
    const Answer one = download(id);
    if (one.text("download.status") != "queued") continue;
    EXPECT_FALSE(one.text("download.wait_reason").empty()) << one.brief();
    if (one.number("download.bytes_done") > 0) ++kept;
  }
  EXPECT_GE(kept, 1u);
  ASSERT_EQ(put(R"({"limits.downloads":null})").status, 200);
  for (const std::int64_t id : ids) EXPECT_TRUE(wait_for(id, "ready", 40'000));
  expect_whole(service());
}

TEST_F(QueueLimits, nothing_runs_in_hours_that_allow_none) {
  ASSERT_TRUE(start({}, {"--rate-total", "4MB"}));
  const auto ids = ask_many("hours", 1, "ada", 12 * kMiB);
  ASSERT_TRUE(wait_for_bytes(ids[0], kMiB));
  ASSERT_EQ(put(R"({"limits.windows":[{"from":"00:00","to":"24:00","downloads":0}]})").status, 200);
  EXPECT_TRUE(
      wait_until([&] { return download(ids[0]).text("download.wait_reason") == "window"; }, 4'000));
  EXPECT_EQ(download(ids[0]).text("download.status"), "queued");
  EXPECT_EQ(api().get("/api/settings").number("limits_now.downloads"), 0);
  ASSERT_EQ(put(R"({"limits.windows":[]})").status, 200);
  EXPECT_TRUE(wait_for(ids[0], "ready"));
  expect_whole(service());
}

TEST_F(QueueLimits, one_of_another_goes_before_the_rest_of_fifty) {
  ServiceOptions options;
  options.environment["MODELKEEP_LIMITS_DOWNLOADS"] = "1";
  ASSERT_TRUE(start(options, {"--rate-total", "4MB"}));
  ask_many("fifty", 50, "ada", 8 * kMiB);
  const auto other = ask_many("one", 1, "ben", kMiB);
  EXPECT_LE(download(other[0]).number("download.position"), 2);
  EXPECT_TRUE(wait_for(other[0], "ready", 20'000));
  EXPECT_GE(api().get("/api/downloads?status=active").number("total"), 40);
  // A setting that the environment fixes stays, and says so.
  const Answer fixed = put(R"({"limits.downloads":3})");
  EXPECT_EQ(fixed.status, 409) << fixed.brief();
  EXPECT_EQ(fixed.code(), "setting_fixed");
}

TEST_F(QueueLimits, sizes_of_those_that_wait_are_known_and_a_wrong_name_fails_at_once) {
  ServiceOptions options;
  options.environment["MODELKEEP_LIMITS_DOWNLOADS"] = "1";
  ASSERT_TRUE(start(options, {"--rate-total", "1MB"}));
  const auto ids = ask_many("wait", 3, "ada", 16 * kMiB);
  const std::int64_t wrong = ask("nobody/has-this");
  EXPECT_TRUE(wait_for(wrong, "failed", 10'000));
  EXPECT_TRUE(wait_until(
      [&] { return download(ids[2]).number("download.bytes_total") >= 16 * kMiB; }, 10'000));
  const Answer waiting = download(ids[2]);
  EXPECT_EQ(waiting.text("download.status"), "queued");
  EXPECT_EQ(waiting.number("download.attempts"), 0);
}

/// A disk that nobody else writes to.
class SmallDisk : public QueueLimits {
 protected:
  static constexpr std::int64_t kLarge = 96 * kMiB;
  /// False, with the reason in `why_not`, where this machine lets nobody mount one.
  bool start_on(LoopMount& disk, const std::string& rate) {
    ServiceOptions options;
    options.mount = disk.path() + "/models";
    // What the tests set there would be fixed.
    options.environment["MODELKEEP_STORAGE_RESERVE_BYTES"] = "";
    return start(options, {"--rate-total", rate});
  }
};

TEST_F(SmallDisk, F12_larger_than_the_disk_is_507_and_leaves_nothing) {
  LoopMount disk("ext4", 224);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  ASSERT_TRUE(start_on(disk, "2MB"));
  hub().add_repo("huge/m", 4 * kLarge, 7);
  const Answer refused = api().post("/api/models/download", asking("huge/m"));
  EXPECT_EQ(refused.status, 507) << refused.brief();
  EXPECT_EQ(refused.code(), "storage_insufficient");
  EXPECT_NE(refused.text("error").find("needs 384.0 MiB and the disk has "), std::string::npos)
      << refused.brief();
  EXPECT_EQ(api().get("/api/models/huge_m").status, 404);
  EXPECT_EQ(api().get("/api/downloads?status=active").size("downloads"), 0U);
  EXPECT_TRUE(fs::is_empty(service().layout().staging_root()));
}

TEST_F(SmallDisk, F13_of_two_that_fit_singly_but_not_together_the_second_is_507) {
  LoopMount disk("ext4", 224);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  ASSERT_TRUE(start_on(disk, "2MB"));
  const std::int64_t first = ask_many("large", 1, "ada", kLarge)[0];
  hub().add_repo("large/second", kLarge, 8);
  const Answer refused = api().post("/api/models/download", asking("large/second"));
  EXPECT_EQ(refused.status, 507) << refused.brief();
  EXPECT_EQ(refused.code(), "storage_insufficient");
  EXPECT_NE(refused.text("error").find("needs 96.0 MiB and the disk has "), std::string::npos)
      << refused.brief();
  EXPECT_TRUE(wait_for_bytes(first, 1));
  // Asked to wait, it waits, and goes on when the space is there.
  const std::int64_t second = ask("large/second", R"("when_full":"wait")");
  EXPECT_TRUE(wait_until(
      [&] { return download(second).text("download.wait_reason") == "disk_full"; }, 5'000));
  EXPECT_FALSE(download(second).text("download.next_try_at").empty());
  EXPECT_EQ(api().post("/api/downloads/" + std::to_string(first) + "/cancel").status, 200);
  EXPECT_TRUE(wait_until([&] { return download(second).text("download.status") == "downloading"; },
                         15'000));
  EXPECT_FALSE(fs::exists(service().layout().staging_dir(first)));
}

TEST_F(SmallDisk, F11_filled_by_others_meanwhile_it_waits_keeps_its_parts_and_goes_on) {
  LoopMount disk("ext4", 224);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  ASSERT_TRUE(start_on(disk, "8MB"));
  const auto ids = ask_many("filled", 1, "ada", kLarge);
  ASSERT_TRUE(wait_for_bytes(ids[0], 16 * kMiB));
  ASSERT_EQ(put(R"({"limits.windows":[{"from":"00:00","to":"24:00","downloads":0}]})").status, 200);
  EXPECT_TRUE(
      wait_until([&] { return download(ids[0]).text("download.wait_reason") == "window"; }, 5'000));
  // Its blocks are its own; what is taken is the rest, and the reserve with it.
  const std::string filler = disk.path() + "/filler";
  const std::string block(1 << 20, 'x');
  {
    std::ofstream file(filler, std::ios::binary);
    while (file && file.write(block.data(), static_cast<std::streamsize>(block.size()))) {
    }
  }
  ASSERT_EQ(put(R"({"limits.windows":null})").status, 200);
  EXPECT_TRUE(wait_until(
      [&] {
        const Answer now = download(ids[0]);
        return now.text("download.wait_reason") == "disk_full" ||
               now.text("download.status") == "ready" ||
               now.number("download.bytes_done") > 20 * kMiB;
      },
      15'000));
  fs::remove(filler);
  EXPECT_TRUE(wait_for(ids[0], "ready", 40'000));
  expect_whole(service());
}

TEST_F(QueueLimits, how_often_upstream_is_looked_at_may_change_and_where_it_is_may_not) {
  ASSERT_TRUE(start());
  ASSERT_EQ(put(R"({"upstream.check_hours":6})").status, 200);
  const Answer settings = api().get("/api/settings");
  for (std::size_t i = 0; i < settings.size("settings"); ++i) {
    const std::string at = "settings." + std::to_string(i);
    if (settings.text(at + ".key") != "upstream.check_hours") continue;
    EXPECT_EQ(settings.number(at + ".value"), 6);
    EXPECT_EQ(settings.text(at + ".source"), "api");
  }
  EXPECT_EQ(put(R"({"upstream.check_hours":-1})").status, 400);
  EXPECT_EQ(put(R"({"upstream.mirrors":"http://10.0.0.2:8090"})").code(), "setting_fixed");
}

TEST_F(QueueLimits, bandwidth_follows_the_setting_while_it_runs) {
  ASSERT_TRUE(start());
  ASSERT_EQ(put(R"({"limits.bytes_per_second":2000000})").status, 200);
  std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
  hub().add_repo("band/one", 64 * kMiB, 7);
  const std::int64_t id = ask("band/one");
  ASSERT_TRUE(wait_for_bytes(id, kMiB));
  const Stopwatch watch;
  const std::int64_t before = hub().content_bytes("band/one");
  std::this_thread::sleep_for(std::chrono::milliseconds(3'000));
  const std::int64_t came = hub().content_bytes("band/one") - before;
  // Some of it lies in sockets on the way.
  EXPECT_LT(came, 2'000'000 * (watch.ms() + 3'000) / 1'000) << came;
  ASSERT_EQ(put(R"({"limits.bytes_per_second":0})").status, 200);
  EXPECT_TRUE(wait_for(id, "ready", 15'000));
  expect_whole(service());
}

TEST_F(QueueLimits, a_transfer_in_full_flight_is_dead_within_a_second) {
  ASSERT_TRUE(start({}, {"--rate-total", "16MB"}));
  hub().add_repo("dead/one", 256 * kMiB, 7);
  const std::int64_t id = ask("dead/one");
  ASSERT_TRUE(wait_for_bytes(id, 8 * kMiB));
  ASSERT_EQ(api().post("/api/downloads/" + std::to_string(id) + "/cancel").status, 200);
  std::this_thread::sleep_for(std::chrono::milliseconds(1'000));
  const std::int64_t sent = hub().content_bytes("dead/one");
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  EXPECT_EQ(hub().content_bytes("dead/one"), sent);
  EXPECT_TRUE(wait_until([&] { return !fs::exists(service().layout().staging_dir(id)); }, 2'000));
}

}  // namespace
}  // namespace modelkeep::system_test
