#pragma once
// Takes over what lies on the mount already: folders that nobody registered, and the old server's
// models_db.json. Run by a person, beside the running service or without it; it may hash terabytes.
// What it has taken it leaves alone when it runs again.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "adopt/old_database.h"
#include "base/clock.h"
#include "base/files.h"
#include "sqlite/connection.h"
#include "storage/layout.h"

namespace modelkeep::adopt {

struct Waiting {
  std::vector<std::string> folders;  ///< On the mount and not in the catalog.
  bool has_old_database = false;     ///< And its records have not been imported yet.
  bool empty() const { return folders.empty() && !has_old_database; }
};
/// What a run would take; lists one folder and hashes nothing. For the start's one line, and for
/// `--list`.
Result<Waiting> find_waiting(sqlite::Connection& db, const storage::Layout& layout);

struct AdoptedFolder {
  std::string id;
  std::string name;
  std::int64_t files = 0;
  std::int64_t size_bytes = 0;
};

struct Report {
  std::vector<AdoptedFolder> folders;
  std::int64_t uses = 0;              ///< Records of use that were imported.
  std::vector<Complaint> complaints;  ///< What could not be used, and why.
};

/// Told as the work goes on; for a person at a terminal.
struct Progress {
  std::function<void(const std::string& id)> folder = [](const std::string&) {};
  std::function<void(std::int64_t bytes)> hashed = [](std::int64_t) {};
};

Result<Report> adopt(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                     Clock& clock, const Progress& progress = {});

}  // namespace modelkeep::adopt
