// Space held back beside the database: SQLite cannot even delete a row on a disk that is full.
#include <algorithm>

#include "base/files.h"
#include "base/log.h"
#include "catalog/backup.h"

namespace modelkeep::catalog {
namespace {

constexpr std::uint64_t kBallastBytes = 64ULL << 20;
constexpr std::uint64_t kShareOfDisk = 100;   // At most one hundredth.
constexpr std::uint64_t kRoomBeforeUse = 10;  // Times its size must be free before it is made.

}  // namespace

Result<> keep_ballast(const StatePaths& paths) {
  Files& files = posix_files();
  // The size comes last, so a file without one was not finished.
  if (const auto there = files.stat(paths.ballast); there && there->size_bytes > 0) return {};
  const DiskSpace space = TRY(files.space(paths.folder));
  const std::uint64_t size_bytes = std::min(kBallastBytes, space.total_bytes / kShareOfDisk);
  if (space.free_bytes < size_bytes * kRoomBeforeUse) return {};
  const auto file = TRY(files.open(paths.ballast, OpenMode::write));
  TRY(files.allocate(file, size_bytes));
  return files.truncate(file, size_bytes);
}

bool drop_ballast(const StatePaths& paths) {
  if (!posix_files().remove_file(paths.ballast)) return false;
  log::warn("database.ballast_dropped");
  return true;
}

}  // namespace modelkeep::catalog
