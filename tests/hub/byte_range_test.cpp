#include "tests/hub/byte_range.h"

#include <gtest/gtest.h>

namespace modelkeep::standin {
namespace {

using Kind = ByteRange::Kind;

struct Row {
  const char* header;
  std::uint64_t content_bytes;
  Kind kind;
  std::uint64_t first;
  std::uint64_t size_bytes;
};

TEST(ByteRange, follows_rfc_9110) {
  const Row rows[] = {
      {"", 100, Kind::whole, 0, 100},
      {"bytes=0-0", 100, Kind::part, 0, 1},
      {"bytes=0-99", 100, Kind::part, 0, 100},
      {"bytes=10-", 100, Kind::part, 10, 90},
      {"bytes=90-500", 100, Kind::part, 90, 10},
      {"bytes=-5", 100, Kind::part, 95, 5},
      {"bytes=-500", 100, Kind::part, 0, 100},
      {"bytes=100-", 100, Kind::unsatisfiable, 0, 0},
      {"bytes=-0", 100, Kind::unsatisfiable, 0, 0},
      {"bytes=0-0", 0, Kind::unsatisfiable, 0, 0},
      {"bytes=5-4", 100, Kind::whole, 0, 100},
      {"bytes=a-b", 100, Kind::whole, 0, 100},
      {"bytes=0-1,5-6", 100, Kind::whole, 0, 100},
      {"lines=0-1", 100, Kind::whole, 0, 100},
  };
  for (const Row& row : rows) {
    const ByteRange range = parse_byte_range(row.header, row.content_bytes);
    EXPECT_EQ(range.kind, row.kind) << row.header;
    EXPECT_EQ(range.first, row.first) << row.header;
    EXPECT_EQ(range.size_bytes, row.size_bytes) << row.header;
  }
}

}  // namespace
}  // namespace modelkeep::standin
