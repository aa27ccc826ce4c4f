#include "base/range_notes.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace modelkeep {
namespace {

constexpr mode_t kNotesPermissions = 0600;
constexpr std::string_view kFirstLine = "modelkeep ranges 1\n";
// One page: the kernel does not stop within one when it kills the writer.
constexpr std::size_t kNotesBytes = 4096;

std::optional<ByteRanges> parse_notes(std::string_view text) {
  if (!text.starts_with(kFirstLine)) return std::nullopt;
  text.remove_prefix(kFirstLine.size());
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  return ByteRanges::parse(text.substr(0, end));
}

ByteRanges without_smallest(const ByteRanges& ranges) {
  const auto smallest =
      std::min_element(ranges.all().begin(), ranges.all().end(),
                       [](const ByteRange& a, const ByteRange& b) { return a.size() < b.size(); });
  ByteRanges left = ranges;
  left.remove(*smallest);
  return left;
}

}  // namespace

std::string notes_text(const ByteRanges& ranges) {
  ByteRanges kept = ranges;
  std::string text = kept.text();
  while (kFirstLine.size() + text.size() + 1 > kNotesBytes) {
    kept = without_smallest(kept);
    text = kept.text();
  }
  std::string notes = std::string(kFirstLine).append(text).append("\n");
  notes.resize(kNotesBytes, '\n');
  return notes;
}

ByteRanges read_notes(Files& files, const std::string& path, std::uint64_t size) {
  const auto text = read_file(files, path, kNotesBytes);
  auto ranges = text ? parse_notes(*text) : std::nullopt;
  if (!ranges) return {};
  if (!ranges->all().empty() && ranges->all().back().end > size)
    ranges->remove({size, ranges->all().back().end});
  return *ranges;
}

Result<> write_notes(Files& files, const Fd& file, const ByteRanges& ranges) {
  const std::string text = notes_text(ranges);
  return files.write_at(file, std::as_bytes(std::span(text)), 0);
}

Result<> keep_notes(Files& files, const std::string& path, const ByteRanges& ranges) {
  return write_file_atomic(files, path, notes_text(ranges), kNotesPermissions);
}

}  // namespace modelkeep
