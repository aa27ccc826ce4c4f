#pragma once
// Where a worker writes down each answer before it leaves: one line, one write(2), in a file of its
// own that the drainer imports. kill -9 at any instant loses nothing that was answered. One Journal
// a process, any thread.
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "usage/pulse.h"
#include "usage/record.h"

namespace modelkeep::usage {

enum class Durability {
  process,  ///< Survives our death: enough for an answer that changed nothing.
  power,    ///< Also a power cut: fdatasync before it returns.
};

/// Gives back space that is held for a full disk; false when there is none left to give.
using MakeRoom = std::function<bool()>;

class Journal {
 public:
  /// Creates a file in `folder`, locked for our lifetime; `label` ("worker") begins its name. Some
  /// space beyond its end is set aside, so that reads are answered on a full disk too.
  static Result<Journal> open(std::string folder, std::string label, Pulse pulse,
                              MakeRoom make_room = {});

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

}  // namespace modelkeep::usage
