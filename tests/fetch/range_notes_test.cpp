#include "base/range_notes.h"

#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"
#include "tests/support/test_store.h"

namespace modelkeep::fetch {
namespace {

class RangeNotes : public ::testing::Test {
 protected:
  std::string read(std::uint64_t size) { return read_notes(posix_files(), path_, size).text(); }
  void write(std::string_view text) { must(write_file_atomic(posix_files(), path_, text, 0600)); }
  TempFolder folder_;
  std::string path_ = folder_.path() + "/1.ranges";
};

TEST_F(RangeNotes, say_again_what_was_noted) {
  const auto ranges = ByteRanges::parse("0-100 200-300").value();
  must(keep_notes(posix_files(), path_, ranges));
  EXPECT_EQ(read(1'000), "0-100 200-300");
  const Fd file = must(posix_files().open(path_, OpenMode::write));
  must(write_notes(posix_files(), file, ByteRanges::parse("0-50").value()));
  EXPECT_EQ(read(1'000), "0-50");
}

TEST_F(RangeNotes, of_another_form_are_none) {
  for (const char* text : {"", "0-100", "modelkeep ranges 2\n0-100\n", "modelkeep ranges 1\n",
                           "modelkeep ranges 1\n0-100", "modelkeep ranges 1\n100-0\n"}) {
    write(text);
    EXPECT_EQ(read(1'000), "") << text;
  }
  EXPECT_EQ(read_notes(posix_files(), folder_.path() + "/absent", 10).text(), "");
}

TEST_F(RangeNotes, claim_nothing_beyond_the_file) {
  must(keep_notes(posix_files(), path_, ByteRanges::parse("0-100 200-300").value()));
  EXPECT_EQ(read(250), "0-100 200-250");
  EXPECT_EQ(read(150), "0-100");
}

TEST_F(RangeNotes, are_one_page_and_keep_the_largest_of_too_many) {
  ByteRanges ranges;
  ranges.add({0, 1'000'000'000});
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    const std::uint64_t begin = 2'000'000'000 + i * 1'000'000;
    ranges.add({begin, begin + 10 + i});
  }
  EXPECT_EQ(notes_text(ranges).size(), 4096U);
  must(keep_notes(posix_files(), path_, ranges));
  const auto kept = read_notes(posix_files(), path_, std::uint64_t{1} << 40);
  EXPECT_EQ(kept.frontier(), 1'000'000'000U);
  EXPECT_GT(kept.all().size(), 100U);
}

}  // namespace
}  // namespace modelkeep::fetch
