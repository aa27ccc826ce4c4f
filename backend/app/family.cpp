#include "app/family.h"

#include <cerrno>
#include <chrono>
#include <csignal>

#include <fcntl.h>
#include <sys/file.h>

#include "app/proc_table.h"
#include "base/files.h"
#include "base/log.h"

namespace modelkeep::app {
namespace {

constexpr std::int64_t kPatienceMs = 500;
constexpr std::int64_t kGiveUpMs = 5'000;
constexpr std::int64_t kStepMs = 20;

/// Not FileLock: its descriptor stays closed to children, this one is meant for them.
Result<Fd> open_family_file(const std::string& path) {
  Fd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return tl::unexpected(errno_error(errno, "open", path));
  return file;
}

Error another_serves() {
  return Error{
      ErrorKind::conflict,
      codes::lock_held,
      "another modelkeepd run serves this state folder already; stop it first, or give this "
      "one its own MODELS_MOUNT_POINT.",
      {}};
}

/// A record lock belongs to one process and no child inherits it: it says that a master lives, also
/// when somebody deleted the file of the other lock.
bool mark_as_master(const Fd& file) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return fcntl(file.get(), F_SETLK, &whole) == 0;
}

}  // namespace

Result<Family> Family::found(const std::string& master_lock, const std::string& family_lock,
                             Clock& clock) {
  // A master that was killed a moment ago may not have let go of its locks yet.
  auto master = FileLock::take(master_lock, std::chrono::milliseconds(kPatienceMs));
  if (!master) {
    if (master.error().code != codes::lock_held) return tl::unexpected(master.error());
    return tl::unexpected(another_serves());
  }
  Fd family = TRY(open_family_file(family_lock));
  const std::int64_t began_ms = clock.mono_ms();
  while (!mark_as_master(family)) {
    if (clock.mono_ms() - began_ms > kPatienceMs) return tl::unexpected(another_serves());
    clock.sleep_ms(kStepMs);
  }
  while (flock(family.get(), LOCK_EX | LOCK_NB) != 0) {
    const std::int64_t waited_ms = clock.mono_ms() - began_ms;
    if (waited_ms > kGiveUpMs) {
      return fail(ErrorKind::conflict, codes::lock_held,
                  "processes of an earlier start do not end; see which with: fuser " + family_lock);
    }
    if (waited_ms > kPatienceMs) {
      for (const pid_t leftover : holders_of(family_lock)) {
        log::warn("master.leftover_killed", {{"pid", leftover}});
        kill(leftover, SIGKILL);
      }
    }
    clock.sleep_ms(kStepMs);
  }
  return Family(std::move(*master), std::move(family));
}

}  // namespace modelkeep::app
