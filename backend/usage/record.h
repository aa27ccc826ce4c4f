#pragma once
// One event as one line of a journal: a checksum, then the fields, separated by spaces. Pure.
//   "<crc32 of the rest, 8 hex> <at, ms> <HTTP status> <n|a|d|r> <action> <model pk or -> <address>
//   <user>\n"
// A file read through the hub door (r) has " <commit> <client>" behind it.
// Texts are percent-encoded, so a line never holds a newline but its last byte. docs/disk-format.md
// has it too.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/events.h"

namespace modelkeep::usage {

using catalog::Counts;
using catalog::Event;

/// Longer texts are cut here, so that no record is split by its write.
constexpr std::size_t kTextMax = 512;

std::string record_line(const Event& event);
/// nullopt when the checksum or the form is wrong.
std::optional<Event> parse_record(std::string_view line_without_newline);

}  // namespace modelkeep::usage
