// F45: the wall clock jumps while the service works. Durations come from a clock that does not, so
// nothing waits for ever and nothing becomes negative.
#include <filesystem>
#include <fstream>

#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

constexpr std::int64_t kMiB = 1 << 20;
const char* const kLibrary = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

class WallClock : public RunningStore {
 protected:
  void set_shift(const std::string& shift) { std::ofstream(shift_file_) << shift << "\n"; }

  bool start_with_a_clock_of_its_own() {
    prepare();
    shift_file_ = shifts_.path() + "/shift";
    set_shift("+0");
    ServiceOptions options;
    options.environment["LD_PRELOAD"] = kLibrary;
    options.environment["FAKETIME_TIMESTAMP_FILE"] = shift_file_;
    options.environment["FAKETIME_CACHE_DURATION"] = "1";
    options.environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
    options.environment["DONT_FAKE_MONOTONIC"] = "1";
    return start(options, {"--rate-total", "6MB"});
  }

 private:
  TempFolder shifts_;
  std::string shift_file_;
};

TEST_F(WallClock, F45_jumps_during_a_download_neither_stop_it_nor_make_numbers_negative) {
  if (!std::filesystem::exists(kLibrary)) GTEST_SKIP() << "libfaketime is not installed";
  ASSERT_TRUE(start_with_a_clock_of_its_own());
  hub().add_repo("long/one", 36 * kMiB, 3);
  const std::int64_t id = ask("long/one");
  ASSERT_TRUE(wait_for_bytes(id, 2 * kMiB));
  std::int64_t least = 0;
  for (const char* shift : {"-1d", "+365d", "+365d", "-1", "-2", "+0"}) {
    set_shift(shift);
    const Stopwatch watch;
    while (watch.ms() < 1'300) {
      const Answer answer = download(id);
      EXPECT_EQ(answer.status, 200) << answer.brief();
      for (const char* member : {"bytes_done", "bytes_per_second", "eta_seconds"}) {
        least = std::min(least, answer.number(std::string("download.") + member));
      }
      system_clock().sleep_ms(50);
    }
    EXPECT_EQ(api().get("/api/health").status, 200) << shift;
  }
  EXPECT_EQ(least, 0);
  ASSERT_TRUE(wait_for(id, "ready", 20'000));
  ASSERT_TRUE(fetch("test/tiny"));
  expect_whole(service());
}

TEST_F(WallClock, F45_a_start_in_the_past_of_its_own_rows_works) {
  if (!std::filesystem::exists(kLibrary)) GTEST_SKIP() << "libfaketime is not installed";
  ASSERT_TRUE(start_with_a_clock_of_its_own());
  set_shift("+365d");
  service().stop();
  ASSERT_TRUE(service().start());
  ASSERT_TRUE(fetch("test/tiny"));
  set_shift("-1d");
  service().stop();
  ASSERT_TRUE(service().start());
  ASSERT_TRUE(fetch("test/medium"));
  EXPECT_EQ(api().get("/api/health").text("status"), "healthy");
  expect_whole(service());
}

}  // namespace
}  // namespace modelkeep::system_test
