#include "base/byte_ranges.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace modelkeep {
namespace {

std::optional<std::uint64_t> parse_offset(std::string_view text) {
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return offset;
}

}  // namespace

void ByteRanges::add(ByteRange range) {
  if (range.size() == 0) return;
  // The first one that the new range touches, and the first behind those that it does.
  const auto first =
      std::lower_bound(ranges_.begin(), ranges_.end(), range.begin,
                       [](const ByteRange& one, std::uint64_t at) { return one.end < at; });
  auto last = first;
  for (; last != ranges_.end() && last->begin <= range.end; ++last) {
    bytes_ -= last->size();
    range.begin = std::min(range.begin, last->begin);
    range.end = std::max(range.end, last->end);
  }
  bytes_ += range.size();
  if (first == last) {
    ranges_.insert(first, range);
    return;
  }
  *first = range;
  ranges_.erase(first + 1, last);
}

void ByteRanges::remove(ByteRange range) {
  if (range.size() == 0) return;
  std::vector<ByteRange> left;
  left.reserve(ranges_.size() + 1);
  bytes_ = 0;
  for (const ByteRange& one : ranges_) {
    for (const ByteRange piece : {ByteRange{one.begin, std::min(one.end, range.begin)},
                                  ByteRange{std::max(one.begin, range.end), one.end}}) {
      if (piece.size() == 0) continue;
      left.push_back(piece);
      bytes_ += piece.size();
    }
  }
  ranges_ = std::move(left);
}

void ByteRanges::clear() {
  ranges_.clear();
  bytes_ = 0;
}

std::uint64_t ByteRanges::frontier() const {
  return ranges_.empty() || ranges_.front().begin > 0 ? 0 : ranges_.front().end;
}

bool ByteRanges::covers(ByteRange range) const {
  return range.size() == 0 || !first_gap(range.begin, range.end);
}

std::optional<ByteRange> ByteRanges::first_gap(std::uint64_t from, std::uint64_t end) const {
  for (const ByteRange& one : ranges_) {
    if (one.end <= from) continue;
    if (one.begin > from) {
      end = std::min(end, one.begin);
      break;
    }
    from = one.end;
  }
  if (from >= end) return std::nullopt;
  return ByteRange{from, end};
}

std::string ByteRanges::text() const {
  std::string out;
  for (const ByteRange& one : ranges_) {
    if (!out.empty()) out.push_back(' ');
    out.append(std::to_string(one.begin)).append("-").append(std::to_string(one.end));
  }
  return out;
}

std::optional<ByteRanges> ByteRanges::parse(std::string_view text) {
  ByteRanges parsed;
  if (text.empty()) return parsed;
  std::uint64_t before = 0;
  for (const std::string_view word : split(text, ' ')) {
    const auto dash = word.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto begin = parse_offset(word.substr(0, dash));
    const auto end = parse_offset(word.substr(dash + 1));
    if (!begin || !end || *end <= *begin) return std::nullopt;
    if (!parsed.ranges_.empty() && *begin <= before) return std::nullopt;
    before = *end;
    parsed.add({*begin, *end});
  }
  return parsed;
}

}  // namespace modelkeep
