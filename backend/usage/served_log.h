#pragma once
// nginx's record of the file bytes it sent: one line when a transfer is over, unbuffered, in the
// folder of the journals, imported with offsets as journals are.
//   "b1 <end, s.ms> <duration, s.ms> <bytes> <mark|-> <address> ."
// The mark is what a worker said of the read: <model pk>:<commit>:<client>:<s|u>:<user>, u where
// upstream sent the bytes for this reader. nginx writes to the symlink bytes.log; the files it
// leads to have names that are never used again, so an offset belongs to one file for ever.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/events.h"

namespace modelkeep::usage {

using catalog::Served;

/// What a worker adds to an answer whose bytes nginx sends; nginx keeps it to itself.
inline constexpr std::string_view kReadHeader = "X-Modelkeep-Read";
/// For the members of `read` that a worker knows: model, commit, client, user, from_upstream.
std::string read_mark(const Served& read);

/// nullopt when it is none. What a full disk left of a line before it is skipped.
std::optional<Served> parse_served(std::string_view line_without_newline);

// ---- for the master, which rules nginx

/// Then a fresh one is begun.
constexpr std::int64_t kServedLogMax = 4 << 20;
/// Lets bytes.log lead to a fresh file whose space is set aside. nginx has to reopen its log.
Result<> begin_served_log(const std::string& folder);
/// True when it is full, or bytes.log is not a symlink that leads to one.
bool needs_fresh_served_log(const std::string& folder);

// ---- for the drainer

/// The name of a log; the symlink's is none.
bool is_served_log(std::string_view name);

struct ServedPart {
  std::vector<Served> served;
  std::int64_t end = 0;  ///< The offset behind the last whole line that was read.
  std::int64_t damaged_lines = 0;
};
/// Whole lines from `offset` on, about `bytes_max` of them.
Result<ServedPart> read_served(const std::string& path, std::int64_t offset, std::size_t bytes_max);

/// True when the log stays at `size_bytes` for ever: nginx's symlink leads elsewhere for a while,
/// and no process has the file open for writing.
bool is_finished(const std::string& folder, const std::string& name, std::int64_t size_bytes);

}  // namespace modelkeep::usage
