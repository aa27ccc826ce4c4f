#include "storage/live_part.h"

#include <thread>

#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace modelkeep::storage {
namespace {

class LivePartTest : public testing::Test {
 protected:
  LivePart create() { return LivePart::create(path()).value(); }
  LivePart find() { return LivePart::find(path()).value(); }
  std::string path() const { return folder_.path() + "/1-1"; }

 private:
  TempFolder folder_;
};

TEST_F(LivePartTest, is_not_there_before_anyone_fetches) {
  EXPECT_FALSE(LivePart::find(path()));
  // A page that nobody has begun says nothing either.
  const auto made = create();
  EXPECT_FALSE(LivePart::find(path()));
}

TEST_F(LivePartTest, tells_how_far_the_bytes_go_from_any_place) {
  auto writer = create();
  writer.begin({});
  writer.show(std::vector<Stretch>{{0, 100}, {200, 300}});
  const auto reader = find();
  EXPECT_EQ(reader.state(0)->ready_to, 100U);
  EXPECT_EQ(reader.state(99)->ready_to, 100U);
  EXPECT_EQ(reader.state(100)->ready_to, 100U);
  EXPECT_EQ(reader.state(250)->ready_to, 300U);
  EXPECT_FALSE(reader.state(0)->right);
  writer.say_right();
  EXPECT_TRUE(reader.state(0)->right);
}

TEST_F(LivePartTest, keeps_its_word_to_readers_when_a_fetcher_follows_another) {
  auto first = create();
  first.begin({});
  first.show(std::vector<Stretch>{{0, 100}});
  const auto reader = find();
  const auto before = reader.state(0)->replaced;
  create().begin(std::vector<Stretch>{{0, 150}});
  EXPECT_EQ(reader.state(0)->replaced, before);
  EXPECT_EQ(reader.state(0)->ready_to, 150U);
  // Bytes that were told of are gone: whoever had them cannot go on.
  create().begin(std::vector<Stretch>{{0, 50}});
  EXPECT_NE(reader.state(0)->replaced, before);
}

TEST_F(LivePartTest, what_was_replaced_is_not_right_until_it_is_said_again) {
  auto writer = create();
  writer.begin({});
  writer.say_right();
  writer.replace();
  EXPECT_FALSE(find().state(0)->right);
  EXPECT_TRUE(find().was_replaced());
}

TEST_F(LivePartTest, hands_wishes_to_the_fetcher_latest_first) {
  auto writer = create();
  writer.begin({});
  EXPECT_TRUE(writer.wishes().empty());
  auto reader = find();
  for (std::uint64_t i = 0; i < 20; ++i) reader.wish({i, i + 1});
  const auto wishes = writer.wishes();
  ASSERT_EQ(wishes.size(), 8U);
  EXPECT_EQ(wishes.front(), (Stretch{19, 20}));
  EXPECT_EQ(wishes.back(), (Stretch{12, 13}));
}

TEST_F(LivePartTest, more_stretches_than_fit_leave_the_largest) {
  auto writer = create();
  std::vector<Stretch> many;
  for (std::uint64_t i = 0; i < 500; ++i) many.push_back({i * 10, i * 10 + 1});
  many.push_back({10'000, 20'000});
  writer.begin(many);
  EXPECT_EQ(find().state(10'000)->ready_to, 20'000U);
}

TEST_F(LivePartTest, readers_never_see_half_of_a_change) {
  auto writer = create();
  writer.begin({});
  std::jthread changing([&](const std::stop_token& stop) {
    for (std::uint64_t i = 1; !stop.stop_requested(); ++i)
      writer.show(std::vector<Stretch>{{i, i + 1'000'000}, {i + 2'000'000, i + 3'000'000}});
  });
  const auto reader = find();
  int seen = 0;
  // Until the other thread runs, nothing is there.
  for (int i = 0; seen < 1'000 && i < 50'000'000; ++i) {
    const auto state = reader.state(900'000);
    if (!state || state->ready_to == 900'000) continue;
    ++seen;
    ASSERT_GT(state->ready_to, 1'000'000U);
  }
  EXPECT_GT(seen, 0);
}

}  // namespace
}  // namespace modelkeep::storage
