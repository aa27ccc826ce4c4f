#include "tests/hub/content.h"

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace modelkeep::standin {
namespace {

Content mixed() {
  return Content::text("header").append_generated(7, 100'003).append("tail").append_generated(8, 5);
}

TEST(Content, gives_the_same_bytes_wherever_reading_begins) {
  const Content content = mixed();
  const std::string whole = content.all();
  ASSERT_EQ(whole.size(), content.size());
  for (std::uint64_t offset = 0; offset < whole.size(); offset += 997) {
    std::string part(1'234, '\0');
    part.resize(content.read(offset, part));
    EXPECT_EQ(part, whole.substr(offset, 1'234)) << "offset " << offset;
  }
}

TEST(Content, ends_where_it_ends) {
  const Content content = mixed();
  std::string part(10, '\0');
  EXPECT_EQ(content.read(content.size() - 3, part), 3U);
  EXPECT_EQ(content.read(content.size(), part), 0U);
  EXPECT_EQ(content.read(content.size() + 1'000, part), 0U);
  EXPECT_EQ(Content{}.read(0, part), 0U);
}

TEST(Content, differs_by_seed) {
  EXPECT_EQ(Content::generated(1, 1'000).all(), Content::generated(1, 1'000).all());
  EXPECT_NE(Content::generated(1, 1'000).all(), Content::generated(2, 1'000).all());
  EXPECT_NE(Content::generated(1, 1'000).recipe_key(), Content::generated(2, 1'000).recipe_key());
}

TEST(Content, has_the_digests_that_git_and_sha256sum_would_give) {
  EXPECT_EQ(git_sha1_of(Content{}), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  EXPECT_EQ(git_sha1_of(Content::text("hello\n")), "ce013625030ba8dba906f756967f9e9ca394464a");
  EXPECT_EQ(sha256_of(Content::text("hello\n")),
            "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
  EXPECT_EQ(crc32_of(Content::text("123456789")), 0xCBF43926U);
}

TEST(Content, costs_no_memory_for_its_size) {
  const Content huge = Content::generated(3, 1ULL << 45U);
  std::string part(16, '\0');
  EXPECT_EQ(huge.read((1ULL << 45U) - 16, part), 16U);
  EXPECT_NE(part, std::string(16, '\0'));
}

TEST(Content, generates_floats_that_are_small_numbers) {
  const std::string bytes = Content::generated(9, 40'000, Grain::float32).all();
  std::vector<float> numbers(bytes.size() / sizeof(float));
  std::memcpy(numbers.data(), bytes.data(), bytes.size());
  for (const float number : numbers) {
    ASSERT_TRUE(std::isfinite(number));
    ASSERT_LT(std::abs(number), 0.1F);
  }
}

}  // namespace
}  // namespace modelkeep::standin
