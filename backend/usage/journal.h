#pragma once
// Where a worker writes down each answer before it leaves: one line, one write(2), in a file of its
// own that the drainer imports. kill -9 at any instant loses nothing that was answered. One Journal
// a process, any thread.
#include <memory>
#include <string>

#include "base/result.h"
#include "catalog/events.h"
#include "usage/pulse.h"

namespace modelkeep::usage {

using catalog::Counts;
using catalog::Event;

enum class Durability {
  process,  ///< Survives our death: enough for an answer that changed nothing.
  power,    ///< Also a power cut: fdatasync before it returns.
};

class Journal {
 public:
  /// Creates a file in `folder`, locked for our lifetime; `label` ("worker") begins its name.
  static Result<Journal> open(std::string folder, std::string label, Pulse pulse);

  /// disk_full or storage_failed: the request must then fail, for it would not be counted.
  Result<> append(const Event& event, Durability durability = Durability::process);

  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

 private:
  struct Impl;
  explicit Journal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The line of an event, newline included; and back. Pure. nullopt when the checksum or the form is
/// wrong.
std::string record_line(const Event& event);
std::optional<Event> parse_record(std::string_view line_without_newline);

}  // namespace modelkeep::usage
