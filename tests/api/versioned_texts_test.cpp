#include "api/versioned_texts.h"

#include <gtest/gtest.h>

namespace modelkeep::api {
namespace {

constexpr std::size_t kRoomForMany = 1 << 20;

TEST(VersionedTexts, give_back_the_version_that_is_asked_for_and_no_other) {
  VersionedTexts texts(kRoomForMany);
  EXPECT_EQ(*texts.keep(1, 5, "five"), "five");
  EXPECT_EQ(*texts.find(1, 5), "five");
  EXPECT_FALSE(texts.find(1, 4));
  EXPECT_FALSE(texts.find(1, 6));
  EXPECT_FALSE(texts.find(17, 5));
}

TEST(VersionedTexts, keep_the_later_version_whoever_comes_last) {
  VersionedTexts texts(kRoomForMany);
  texts.keep(1, 6, "six");
  EXPECT_EQ(*texts.keep(1, 5, "five"), "five");
  EXPECT_EQ(*texts.find(1, 6), "six");
  EXPECT_FALSE(texts.find(1, 5));
}

TEST(VersionedTexts, push_out_what_does_not_fit_and_never_what_someone_holds) {
  VersionedTexts texts(kRoomForMany);
  const auto held = texts.keep(0, 1, std::string(1000, 'a'));
  std::size_t there = 0;
  for (std::int64_t pk = 1; pk < 10'000; ++pk) texts.keep(pk, 1, std::string(1000, 'b'));
  for (std::int64_t pk = 0; pk < 10'000; ++pk) there += texts.find(pk, 1) ? 1 : 0;
  EXPECT_GT(there, 0u);
  EXPECT_LT(there * 1000, kRoomForMany);
  EXPECT_EQ(*held, std::string(1000, 'a'));
}

TEST(VersionedTexts, do_not_keep_what_would_push_out_all_others) {
  VersionedTexts texts(kRoomForMany);
  EXPECT_EQ(texts.keep(1, 1, std::string(100'000, 'a'))->size(), 100'000u);
  EXPECT_FALSE(texts.find(1, 1));
}

}  // namespace
}  // namespace modelkeep::api
