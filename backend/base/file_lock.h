#pragma once
// A lock between processes: flock(2) on a permanent file. The kernel frees it on any death of its
// holder, so it is never stale. The file stays where it is for ever: unlinking it would let a
// second holder in on a new one. What it cannot do: tell a stopped holder from a busy one, or work
// on a network file system.
#include <chrono>
#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace modelkeep {

class FileLock {
 public:
  /// `lock_held` (conflict) when another descriptor holds it, in this process or another;
  /// `lock_lost` (internal) when the file at `path` was replaced meanwhile. Creates the file, not
  /// its folder.
  static Result<FileLock> try_take(const std::string& path);

  /// Waits up to `timeout`, then `lock_held`.
  static Result<FileLock> take(const std::string& path, std::chrono::milliseconds timeout);

  FileLock(FileLock&&) = default;
  FileLock& operator=(FileLock&&) = default;

  /// False when someone unlinked or replaced the file: another process could now hold "the" lock
  /// too.
  bool still_ours() const;

 private:
  FileLock(Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  Fd fd_;
  std::string path_;
};

}  // namespace modelkeep
