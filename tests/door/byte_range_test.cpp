#include "hub/byte_range.h"

#include <string>

#include <gtest/gtest.h>

namespace modelkeep::hub {
namespace {

std::string read(std::string_view range, std::uint64_t size = 100) {
  const WantedBytes wanted = wanted_bytes(range, size);
  if (wanted.kind == WantedBytes::Kind::none) return "none";
  const std::string kind = wanted.kind == WantedBytes::Kind::whole ? "whole " : "part ";
  return kind + std::to_string(wanted.begin) + "-" + std::to_string(wanted.end);
}

TEST(ByteRange, is_one_range_and_ends_with_the_file) {
  EXPECT_EQ(read("bytes=0-0"), "part 0-1");
  EXPECT_EQ(read("bytes=10-19"), "part 10-20");
  EXPECT_EQ(read("bytes=10-"), "part 10-100");
  EXPECT_EQ(read("Bytes=10-100"), "part 10-100");
  EXPECT_EQ(read("bytes=0-18446744073709551615"), "part 0-100");
  EXPECT_EQ(read("bytes=-8"), "part 92-100");
  EXPECT_EQ(read("bytes=-1000"), "part 0-100");
}

TEST(ByteRange, lies_outside_when_it_begins_past_the_end) {
  EXPECT_EQ(read("bytes=100-"), "none");
  EXPECT_EQ(read("bytes=100-200"), "none");
  EXPECT_EQ(read("bytes=-0"), "none");
}

TEST(ByteRange, is_the_whole_file_where_it_cannot_be_read) {
  for (const char* text : {"", "bytes", "lines=0-1", "bytes=", "bytes=-", "bytes=x-1", "bytes=5-4",
                           "bytes=0-1,5-6", "bytes=0x1-2", "bytes=18446744073709551616-"}) {
    EXPECT_EQ(read(text), "whole 0-100") << text;
  }
}

}  // namespace
}  // namespace modelkeep::hub
