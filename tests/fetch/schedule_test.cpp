#include "fetch/schedule.h"

#include <memory>

#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"
#include "tests/support/test_store.h"

namespace modelkeep::fetch {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

class ScheduleTest : public ::testing::Test {
 protected:
  Schedule of(const std::vector<std::uint64_t>& sizes) {
    std::vector<Part*> borrowed;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      catalog::DownloadFile file;
      file.number = static_cast<int>(i);
      file.size_bytes = static_cast<std::int64_t>(sizes[i]);
      const std::string path = folder_.path() + "/" + std::to_string(i);
      parts_.push_back(std::make_unique<Part>(
          posix_files(), PartPaths{path + ".part", path + ".ranges", path + ".synced"}, file,
          sizes[i] >= RangePolicy().split_bytes));
      borrowed.push_back(parts_.back().get());
    }
    return Schedule({}, borrowed, 0);
  }
  /// The size of the file whose turn it is, and its range; as text.
  std::string next(Schedule& schedule) {
    const auto file = schedule.next_file(0);
    if (!file) return "nothing";
    FileWork& work = schedule.at(*file);
    if (!work.begun) {
      must(work.part->open());
      schedule.begin(*file);
    }
    const auto range = schedule.take_range(*file, {8});
    if (!range) return "all there";
    return std::to_string(work.part->size() / kMiB) + ": " + std::to_string(range->begin / kMiB) +
           "-" + std::to_string(range->end / kMiB);
  }
  TempFolder folder_;
  std::vector<std::unique_ptr<Part>> parts_;
};

TEST_F(ScheduleTest, waits_for_the_first_answer_before_it_asks_for_more_of_a_file) {
  Schedule schedule = of({1'024 * kMiB});
  EXPECT_EQ(next(schedule), "1024: 0-16");
  EXPECT_EQ(next(schedule), "nothing");
  schedule.at(0).known = true;
  EXPECT_EQ(next(schedule), "1024: 16-32");
  EXPECT_EQ(next(schedule), "1024: 32-48");
}

TEST_F(ScheduleTest, takes_the_largest_first_and_keeps_a_quarter_for_small_ones) {
  Schedule schedule = of({5 * kMiB, 1'024 * kMiB, 7 * kMiB, 6 * kMiB, 1'000 * kMiB});
  EXPECT_EQ(next(schedule), "1024: 0-16");
  schedule.at(1).known = true;
  EXPECT_EQ(next(schedule), "5: 0-5");
  EXPECT_EQ(next(schedule), "1024: 16-32");
  EXPECT_EQ(next(schedule), "1024: 32-48");
  EXPECT_EQ(next(schedule), "1024: 48-64");
  EXPECT_EQ(next(schedule), "6: 0-6");
  // A small one that ends makes room for another small one.
  schedule.lane_ended(3, {});
  schedule.finish(3);
  EXPECT_EQ(next(schedule), "7: 0-7");
}

TEST_F(ScheduleTest, takes_what_a_client_waits_for_before_the_rest) {
  Schedule schedule = of({1'024 * kMiB, 30 * kMiB, 20 * kMiB});
  schedule.hurry(2);
  EXPECT_EQ(next(schedule), "20: 0-20");
  EXPECT_EQ(next(schedule), "30: 0-16");
}

TEST_F(ScheduleTest, asks_again_for_what_did_not_come) {
  Schedule schedule = of({1'024 * kMiB});
  next(schedule);
  schedule.at(0).known = true;
  EXPECT_EQ(next(schedule), "1024: 16-32");
  schedule.lane_ended(0, {5 * kMiB, 16 * kMiB});
  EXPECT_EQ(next(schedule), "1024: 5-16");
  EXPECT_EQ(next(schedule), "1024: 32-48");
}

TEST_F(ScheduleTest, leaves_a_file_alone_that_failed_until_its_time_has_come) {
  Schedule schedule = of({kMiB});
  schedule.at(0).not_before_ms = 1;
  const auto file = schedule.next_file(0);
  ASSERT_TRUE(file);
  next(schedule);
  schedule.lane_ended(0, {0, kMiB});
  schedule.at(0).not_before_ms = 1'000;
  EXPECT_FALSE(schedule.next_file(999));
  EXPECT_TRUE(schedule.next_file(1'000));
}

TEST_F(ScheduleTest, asks_one_connection_for_a_file_without_ranges) {
  Schedule schedule = of({1'024 * kMiB});
  next(schedule);
  schedule.at(0).known = schedule.at(0).whole = true;
  EXPECT_EQ(next(schedule), "nothing");
  schedule.lane_ended(0, {5 * kMiB, 16 * kMiB});
  EXPECT_EQ(next(schedule), "1024: 5-1024");
}

TEST_F(ScheduleTest, knows_how_many_connections_make_sense) {
  EXPECT_EQ(of({kMiB}).useful_connections(), 1);
  EXPECT_EQ(of({kMiB, kMiB, kMiB}).useful_connections(), 3);
  EXPECT_GE(of({1'024 * kMiB}).useful_connections(), 64);
  EXPECT_EQ(of({}).useful_connections(), 0);
}

TEST_F(ScheduleTest, asks_for_nothing_while_a_repaired_file_is_hashed) {
  Schedule schedule = of({kMiB});
  next(schedule);
  schedule.lane_ended(0, {});
  schedule.finish(0);
  EXPECT_FALSE(schedule.next_file(0));
  schedule.compare(0);
  EXPECT_TRUE(schedule.next_file(0));
  schedule.at(0).comparison->awaits_verdict = true;
  EXPECT_FALSE(schedule.next_file(0));
}

}  // namespace
}  // namespace modelkeep::fetch
