#pragma once
// Sets of byte ranges: what is there of a file, what is on its way. A value; one thread at a time.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace modelkeep {

struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  ///< Exclusive.
  std::uint64_t size() const { return end > begin ? end - begin : 0; }
  bool operator==(const ByteRange&) const = default;
};

class ByteRanges {
 public:
  void add(ByteRange range);
  void remove(ByteRange range);
  void clear();

  std::uint64_t bytes() const { return bytes_; }
  /// How far it goes from byte 0 on without a gap.
  std::uint64_t frontier() const;
  bool covers(ByteRange range) const;
  /// The first stretch at or after `from` and before `end` that is not in the set.
  std::optional<ByteRange> first_gap(std::uint64_t from, std::uint64_t end) const;
  /// In order, never touching each other.
  const std::vector<ByteRange>& all() const { return ranges_; }

  /// "0-100 200-300": ends exclusive.
  std::string text() const;
  /// Nothing for a text that text() would not write.
  static std::optional<ByteRanges> parse(std::string_view text);

 private:
  std::vector<ByteRange> ranges_;
  std::uint64_t bytes_ = 0;
};

}  // namespace modelkeep
