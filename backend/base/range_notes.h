#pragma once
// Which bytes of a part are there, in a small file beside it: <n>.ranges as of now, for who goes on
// after a kill, and <n>.synced as of the last checkpoint, for who goes on after a power cut.
#include <string>

#include "base/byte_ranges.h"
#include "base/files.h"

namespace modelkeep {

/// The form of both: fixed in size, so that one write replaces the whole. Of more ranges than fit
/// the largest are kept; what is forgotten is fetched again.
std::string notes_text(const ByteRanges& ranges);
/// Nothing where the text is no such form. What lies beyond `size` is left out.
ByteRanges read_notes(Files& files, const std::string& path, std::uint64_t size);

/// In place: a kill leaves the old text or the new one. A power cut may leave anything.
Result<> write_notes(Files& files, const Fd& file, const ByteRanges& ranges);
/// Beside and renamed: survives a power cut as the old or the new one.
Result<> keep_notes(Files& files, const std::string& path, const ByteRanges& ranges);

}  // namespace modelkeep
