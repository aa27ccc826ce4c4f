#include "fetch/speed.h"

#include <gtest/gtest.h>

namespace modelkeep::fetch {
namespace {

TEST(Speed, is_that_of_the_last_seconds) {
  Speed speed;
  EXPECT_EQ(speed.bytes_per_second(), 0);
  EXPECT_EQ(speed.seconds_for(100), std::nullopt);
  for (int second = 0; second <= 20; ++second)
    speed.sample(second * 1000, static_cast<std::uint64_t>(second) * 100);
  EXPECT_EQ(speed.bytes_per_second(), 100);
  for (int second = 21; second <= 27; ++second)
    speed.sample(second * 1000, 2000 + static_cast<std::uint64_t>(second - 20) * 500);
  EXPECT_EQ(speed.bytes_per_second(), 500);
  EXPECT_EQ(speed.seconds_for(5000), 10);
}

TEST(Speed, of_a_stalled_transfer_is_nothing) {
  Speed speed;
  for (int second = 0; second <= 10; ++second) speed.sample(second * 1000, 500);
  EXPECT_EQ(speed.bytes_per_second(), 0);
  EXPECT_EQ(speed.seconds_for(1), std::nullopt);
}

TEST(Speed, starts_anew_when_a_file_does) {
  Speed speed;
  speed.sample(0, 1000);
  speed.sample(1000, 2000);
  speed.sample(2000, 500);
  EXPECT_EQ(speed.bytes_per_second(), 0);
  speed.sample(3000, 700);
  EXPECT_EQ(speed.bytes_per_second(), 200);
}

}  // namespace
}  // namespace modelkeep::fetch
