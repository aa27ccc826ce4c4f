#include "fetch/crew.h"

#include <atomic>
#include <chrono>

#include <gtest/gtest.h>

namespace modelkeep::fetch {
namespace {

template <class Condition>
bool soon(Condition&& holds) {
  for (int i = 0; i < 500 && !holds(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return holds();
}

TEST(SlotBook, stops_the_downloads_beyond_a_lowered_limit_and_no_others) {
  SlotBook slots;
  const std::stop_source first = slots.enter(0);
  const std::stop_source second = slots.enter(1);
  const std::stop_source third = slots.enter(5);
  slots.leave(1);
  slots.stop_from(1);
  EXPECT_FALSE(first.stop_requested());
  EXPECT_FALSE(second.stop_requested());
  EXPECT_TRUE(third.stop_requested());
}

TEST(Crew, grows_with_the_limit_and_ends_with_the_stop) {
  SlotBook slots;
  std::stop_source stop;
  std::atomic<int> limit = 2;
  std::atomic<int> at_work = 0;
  const auto hire = [&]() -> Result<std::function<void()>> {
    return [&] {
      ++at_work;
      while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      --at_work;
    };
  };
  {
    const std::jthread foreman(
        [&] { keep_crew([&] { return limit.load(); }, slots, hire, stop.get_token()); });
    EXPECT_TRUE(soon([&] { return at_work == 2; }));
    limit = 5;
    EXPECT_TRUE(soon([&] { return at_work == 5; }));
    stop.request_stop();
  }
  EXPECT_EQ(at_work, 0);
}

TEST(Crew, hires_again_after_a_database_that_did_not_open) {
  SlotBook slots;
  std::stop_source stop;
  std::atomic<int> asked = 0;
  const auto hire = [&]() -> Result<std::function<void()>> {
    if (++asked == 1) return fail(ErrorKind::unavailable, codes::database_unavailable, "Busy.");
    return [] {};
  };
  const std::jthread foreman([&] { keep_crew([] { return 1; }, slots, hire, stop.get_token()); });
  EXPECT_TRUE(soon([&] { return asked >= 2; }));
  stop.request_stop();
}

}  // namespace
}  // namespace modelkeep::fetch
