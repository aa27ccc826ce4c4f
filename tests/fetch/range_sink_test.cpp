#include "fetch/range_sink.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/faulty_files.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_store.h"

namespace modelkeep::fetch {
namespace {

constexpr std::uint64_t kSize = 100;

std::string verdict(int status, const char* content_range, const char* content_length,
                    std::uint64_t offset, const std::string& known_etag = {},
                    const char* etag = nullptr, std::uint64_t end = kSize) {
  net::ResponseHead head;
  head.status = status;
  if (content_range != nullptr) head.headers.add("Content-Range", content_range);
  if (content_length != nullptr) head.headers.add("Content-Length", content_length);
  if (etag != nullptr) head.headers.add("ETag", etag);
  const auto judged = judge_head(head, {{offset, end}, kSize}, known_etag);
  if (!judged) return std::string(judged.error().code);
  return *judged == Beginning::as_asked ? "goes on" : "from start";
}

TEST(FileAnswer, continues_a_part_only_when_all_of_it_fits) {
  struct Row {
    const char* what;
    int status;
    const char* content_range;
    const char* content_length;
    std::uint64_t offset;
    std::string expected;
  };
  const Row rows[] = {
      {"the range that was asked for", 206, "bytes 40-99/100", "60", 40, "goes on"},
      {"the same without a total", 206, "bytes 40-99/*", "60", 40, "goes on"},
      {"a part of it", 206, "bytes 40-59/100", "20", 40, "goes on"},
      {"a range that begins too early", 206, "bytes 30-99/100", "70", 40, "upstream_invalid"},
      {"a range that begins too late", 206, "bytes 50-99/100", "50", 40, "upstream_invalid"},
      {"another total", 206, "bytes 40-99/200", "60", 40, "upstream_invalid"},
      {"a range past the end", 206, "bytes 40-100/101", "61", 40, "upstream_invalid"},
      {"a 206 without a range", 206, nullptr, "60", 40, "upstream_invalid"},
      {"a 206 with an unreadable range", 206, "bytes 40-", "60", 40, "upstream_invalid"},
      {"the whole file instead", 200, nullptr, "100", 40, "from start"},
      {"as many bytes as the offset", 200, nullptr, "40", 40, "upstream_invalid"},
      {"the rest under a 200", 200, nullptr, "60", 40, "upstream_invalid"},
      {"a whole file without a length", 200, nullptr, nullptr, 0, "from start"},
      {"a longer file", 200, nullptr, "101", 0, "upstream_size_mismatch"},
      {"a shorter file", 200, nullptr, "99", 0, "upstream_size_mismatch"},
      {"an unreadable length", 200, nullptr, "1e2", 0, "upstream_size_mismatch"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(verdict(row.status, row.content_range, row.content_length, row.offset), row.expected)
        << row.what;
  }
}

TEST(FileAnswer, of_other_content_is_not_appended) {
  EXPECT_EQ(verdict(206, "bytes 40-99/100", "60", 40, "\"a\"", "\"a\""), "goes on");
  EXPECT_EQ(verdict(206, "bytes 40-99/100", "60", 40, "\"a\"", "\"b\""), "upstream_changed");
  EXPECT_EQ(verdict(206, "bytes 40-99/100", "60", 40, "\"a\"", nullptr), "goes on");
  EXPECT_EQ(verdict(200, nullptr, "100", 40, "\"a\"", "\"b\""), "from start");
}

TEST(RangeSink, gives_the_disk_pieces_that_begin_on_their_boundaries) {
  class NotingFiles : public FaultyFiles {
   public:
    NotingFiles() : FaultyFiles(posix_files(), 0) {}
    Result<> write_at(const Fd& file, std::span<const std::byte> bytes,
                      std::uint64_t offset) override {
      writes.push_back({offset, offset + bytes.size()});
      return FaultyFiles::write_at(file, bytes, offset);
    }
    std::vector<ByteRange> writes;
  };
  constexpr std::uint64_t kPiece = 64 << 10;
  constexpr std::uint64_t kWhole = 3 * kPiece;
  const TempFolder folder;
  NotingFiles files;
  Part part(files, {.bytes = folder.path() + "/1.part"},
            {.path = "x", .size_bytes = static_cast<std::int64_t>(kWhole)}, false);
  must(part.open());
  const ByteRange asked{4096, kWhole};
  RangeSink sink(RangeOrder{.part = &part, .range = asked});
  files.writes.clear();
  const std::string bytes(asked.size(), 'x');
  // As curl hands them out: whatever one read of the socket brought.
  for (std::size_t at = 0; at < bytes.size(); at += 10'007)
    must(
        sink.write(std::span(bytes).subspan(at, std::min<std::size_t>(10'007, bytes.size() - at))));
  EXPECT_EQ(files.writes,
            (std::vector<ByteRange>{{4096, kPiece}, {kPiece, 2 * kPiece}, {2 * kPiece, kWhole}}));
  EXPECT_TRUE(sink.is_done());
}

}  // namespace
}  // namespace modelkeep::fetch
