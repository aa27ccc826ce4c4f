#include "app/state_dir.h"

#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"

namespace modelkeep::app {
namespace {

tl::unexpected<Error> refuse(std::string sentence) {
  return fail(ErrorKind::invalid, codes::setting_invalid, std::move(sentence));
}

/// Private folders hold the database and sockets: what another user may write there is his to rule.
Result<> make_private(const std::string& folder) {
  TRY(posix_files().make_folders(folder, 0700));
  struct stat status {};
  if (lstat(folder.c_str(), &status) != 0)
    return tl::unexpected(errno_error(errno, "stat", folder));
  if (!S_ISDIR(status.st_mode)) return refuse("state_dir: " + folder + " is not a folder.");
  if (status.st_uid != geteuid()) {
    return refuse("state_dir: " + folder +
                  " belongs to another user; run as that user or set MODELKEEP_STATE_DIR.");
  }
  if ((status.st_mode & 022) != 0) {
    return refuse("state_dir: " + folder + " can be written by others; run chmod 700 on it.");
  }
  if ((status.st_mode & 077) != 0) TRY(posix_files().set_permissions(folder, 0700));
  return {};
}

Result<> make_public(const std::string& folder) {
  struct stat status {};
  if (stat(folder.c_str(), &status) == 0) return {};
  TRY(posix_files().make_folders(folder, 0755));
  // The umask keeps others out; the folder door is for every user of this machine.
  return posix_files().set_permissions(folder, 0755);
}

}  // namespace

Result<> prepare_folders(const storage::Layout& layout) {
  if (auto made = make_public(layout.mount()); !made) {
    return refuse("mount_point: " + layout.mount() + " is not there and cannot be made (" +
                  made.error().cause + "); set MODELS_MOUNT_POINT.");
  }
  if (access(layout.mount().c_str(), W_OK | X_OK) != 0) {
    return refuse("mount_point: " + layout.mount() +
                  " cannot be written by this user; set MODELS_MOUNT_POINT.");
  }
  TRY(make_public(layout.own_dir()));
  TRY(make_private(layout.state_dir()));
  for (const std::string& folder : {layout.locks_dir(), layout.journal_dir(), layout.backups_dir(),
                                    layout.keys_dir(), layout.run_dir()}) {
    TRY(make_private(folder));
  }
  return {};
}

}  // namespace modelkeep::app
