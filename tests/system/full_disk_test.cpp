// The disk that holds everything is full to the last byte.
#include <filesystem>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"
#include "tests/system/machine.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

class FullDisk : public RunningStore {
 protected:
  /// Until not one more byte fits.
  static void fill(const std::string& path) {
    const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    for (const std::size_t piece : {std::size_t{1} << 20, std::size_t{4096}, std::size_t{1}}) {
      const std::vector<char> bytes(piece, 'x');
      while (::write(file.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(piece)) {
      }
    }
    ::fsync(file.get());
  }
  /// How many of a person's reads were refused.
  int read_all() {
    int refused = 0;
    for (const char* path : {"/api/models/test_tiny", "/api/models", "/api/downloads",
                             "/api/models/test_tiny/files/config.json", "/hf/api/models/test/tiny",
                             "/hf/test/tiny/resolve/main/config.json"}) {
      const Answer answer = api().get(path);
      if (answer.status == 200) continue;
      ++refused;
      ADD_FAILURE() << path << ": " << answer.brief();
    }
    return refused;
  }
};

TEST_F(FullDisk, F15_without_inodes_waits_and_goes_on_by_itself) {
  LoopMount disk("ext4", 64);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  prepare();
  ServiceOptions options;
  options.mount = disk.path();
  options.state_dir = service().scratch() + "/state";
  ASSERT_TRUE(start(options));
  ASSERT_TRUE(fetch("test/tiny"));
  const std::string folder = disk.path() + "/many";
  fs::create_directories(folder);
  for (int number = 0;; ++number) {
    const std::string path = folder + "/" + std::to_string(number);
    if (!Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600))) break;
  }
  const std::int64_t id = ask("test/medium");
  EXPECT_TRUE(
      wait_until([&] { return download(id).text("download.wait_reason") == "disk_full"; }, 15'000));
  EXPECT_EQ(read_all(), 0);
  fs::remove_all(folder);
  EXPECT_TRUE(wait_for(id, "ready", 40'000));
  expect_whole(service());
}

TEST_F(FullDisk, F17_of_a_mount_that_went_read_only_is_read_and_waits_for_writing) {
  LoopMount disk("ext4", 64);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  prepare();
  ServiceOptions options;
  options.mount = disk.path();
  options.state_dir = service().scratch() + "/state";
  ASSERT_TRUE(start(options));
  ASSERT_TRUE(fetch("test/tiny"));
  ASSERT_TRUE(disk.set_writable(false));
  const std::int64_t id = ask("test/medium");
  EXPECT_TRUE(wait_until(
      [&] { return download(id).text("download.wait_reason") == "storage_readonly"; }, 15'000));
  EXPECT_EQ(read_all(), 0);
  EXPECT_EQ(api().get("/api/health").text("status"), "degraded");
  ASSERT_TRUE(disk.set_writable(true));
  EXPECT_TRUE(wait_for(id, "ready", 40'000));
  expect_whole(service());
}

TEST_F(FullDisk, F14_gives_the_ballast_back_and_goes_on_without_a_restart) {
  LoopMount disk("ext4", 256);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  ServiceOptions options;
  options.mount = disk.path();
  ASSERT_TRUE(start(options));
  ASSERT_TRUE(fetch("test/tiny"));
  const std::string ballast = disk.path() + "/.modelkeep/state/ballast";
  ASSERT_TRUE(wait_until([&] { return fs::exists(ballast); }, 10'000));
  const std::string filler = disk.path() + "/filler";
  fill(filler);
  // Writes go on until the next page of the log does not fit; then one fails, and room is made.
  int number = 0;
  int refused_reads = 0;
  ASSERT_TRUE(wait_until(
      [&] {
        if (!fs::exists(ballast)) return true;
        fill(filler);
        refused_reads += read_all();
        api().post("/api/models/download",
                   R"({"model_name":"full/model-)" + std::to_string(++number) + R"("})");
        return !fs::exists(ballast);
      },
      40'000));
  fill(filler);
  refused_reads += read_all();
  EXPECT_EQ(refused_reads, 0);
  fs::remove(filler);
  EXPECT_TRUE(wait_until([&] { return ask("test/medium") > 0; }, 10'000));
  EXPECT_TRUE(
      wait_until([&] { return model("test_medium").text("model.status") == "ready"; }, 60'000));
  expect_whole(service());
}

TEST_F(FullDisk, counts_what_is_read_meanwhile) {
  LoopMount disk("ext4", 128);
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  ServiceOptions options;
  options.mount = disk.path();
  ASSERT_TRUE(start(options));
  ASSERT_TRUE(fetch("test/tiny"));
  const std::string target = "/hf/test/tiny/resolve/main/config.json";
  const std::string filler = disk.path() + "/filler";
  std::size_t received = 0;
  for (int round = 0; round < 3; ++round) {
    fill(filler);
    for (int number = 0; number < 20; ++number) received += api().get(target).body.size();
  }
  EXPECT_GT(received, 0U);
  fs::remove(filler);
  EXPECT_TRUE(wait_until(
      [&] {
        return api().get("/api/stats").number("stats.bytes_served") ==
               static_cast<std::int64_t>(received);
      },
      10'000));
  expect_whole(service());
}

}  // namespace
}  // namespace modelkeep::system_test
