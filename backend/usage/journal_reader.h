#pragma once
// Journals as the drainer sees them: which there are, what they hold past an offset, whether their
// owner lives.
#include <cstdint>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "usage/record.h"

namespace modelkeep::usage {

/// What a folder of journals holds, each sorted.
struct RecordNames {
  std::vector<std::string> journals;
  std::vector<std::string> served_logs;  ///< Of nginx, see usage/served_log.h.
};
/// Removes what was begun long ago and never got its name.
Result<RecordNames> record_names(const std::string& folder);

struct JournalPart {
  std::vector<Event> events;
  std::int64_t end = 0;            ///< The offset behind the last whole line that was read.
  std::int64_t damaged_lines = 0;  ///< Whole lines with a wrong checksum.
};

class JournalReader {
 public:
  static Result<JournalReader> open(const std::string& path);

  Result<std::int64_t> size() const;
  /// Whole lines from `offset` on, about `bytes_max` of them.
  Result<JournalPart> read(std::int64_t offset, std::size_t bytes_max) const;
  /// True when its owner is gone: no further line will come. Then the lock is ours until the reader
  /// ends.
  bool is_orphan() const;

 private:
  explicit JournalReader(Fd file) : file_(std::move(file)) {}
  Fd file_;
};

}  // namespace modelkeep::usage
