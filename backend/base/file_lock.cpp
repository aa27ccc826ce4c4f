#include "base/file_lock.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace modelkeep {
namespace {

bool same_file(int fd, const std::string& path) {
  struct stat held {};
  struct stat named {};
  if (::fstat(fd, &held) != 0 || ::stat(path.c_str(), &named) != 0) return false;
  return held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

Result<Fd> open_lock_file(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) {
    return fail(ErrorKind::internal, codes::storage_failed,
                "A lock file cannot be opened. Check the rights of the state folder.",
                "open " + path + ": " + std::strerror(errno));
  }
  return fd;
}

}  // namespace

Result<FileLock> FileLock::try_take(const std::string& path) {
  Fd fd = TRY(open_lock_file(path));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK || errno == EINTR) {
      return fail(ErrorKind::conflict, codes::lock_held, "Another process is at work on this.",
                  "flock " + path);
    }
    return fail(ErrorKind::internal, codes::storage_failed, "A lock file cannot be locked.",
                "flock " + path + ": " + std::strerror(errno));
  }
  FileLock lock(std::move(fd), path);
  if (!lock.still_ours()) {
    return fail(
        ErrorKind::internal, codes::lock_lost,
        "A lock file was replaced while it was taken. Nothing but Modelkeep may touch its locks.",
        path);
  }
  return lock;
}

Result<FileLock> FileLock::take(const std::string& path, std::chrono::milliseconds timeout) {
  // flock has no timed wait. Polling starts well below a typical write transaction and backs off
  // gently.
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  auto pause = std::chrono::microseconds(100);
  for (;;) {
    auto lock = try_take(path);
    if (lock || lock.error().code != codes::lock_held) return lock;
    if (std::chrono::steady_clock::now() + pause > deadline) return lock;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(2000));
  }
}

bool FileLock::still_ours() const {
  return same_file(fd_.get(), path_);
}

}  // namespace modelkeep
