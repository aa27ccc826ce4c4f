// Whether the place is fit for a database, and whether the database is whole.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

#include <sys/vfs.h>

#include "base/files.h"
#include "catalog/store.h"

namespace modelkeep::catalog {
namespace {

struct RefusedFileSystem {
  std::uint32_t magic;
  std::string_view name;
};

// Their locks or their writes are not what SQLite needs; a FUSE file system may be anything. Magic
// numbers as in statfs(2), where the headers of this system do not name them all.
constexpr std::array<RefusedFileSystem, 13> kRefused{{
    {0x00006969, "NFS"},
    {0x0000517B, "SMB"},
    {0xFF534D42, "CIFS"},
    {0xFE534D42, "SMB2"},
    {0x65735546, "FUSE"},
    {0x00C36400, "CephFS"},
    {0x01021997, "9P"},
    {0x5346414F, "AFS"},
    {0x73757245, "Coda"},
    {0x0BD00BD0, "Lustre"},
    {0x47504653, "GPFS"},
    {0x786F4256, "VirtualBox share"},
    {0x19830326, "BeeGFS"},
}};

constexpr mode_t kNotePermissions = 0600;

constexpr std::string_view kQuickCheck = "PRAGMA quick_check(1)";
constexpr std::string_view kForeignKeyCheck = "PRAGMA foreign_key_check";

tl::unexpected<Error> not_whole(std::string cause) {
  return fail(ErrorKind::unavailable, codes::database_damaged,
              "The database is damaged. Restore a backup; the files on the mount are not touched.",
              std::move(cause));
}

std::string damage_note(const StatePaths& paths) {
  return paths.database + ".damaged";
}

Result<> check_on_own_connection(const StatePaths& paths) {
  sqlite::OpenOptions options;
  options.path = paths.database;
  options.write_lock_path = paths.write_lock;
  options.read_only = true;
  auto db = TRY(sqlite::Connection::open(options));
  return check_whole(db);
}

}  // namespace

Result<> require_local_type(std::uint32_t magic) {
  const auto* const refused =
      std::find_if(kRefused.begin(), kRefused.end(),
                   [magic](const RefusedFileSystem& known) { return known.magic == magic; });
  if (refused == kRefused.end()) return {};
  return fail(ErrorKind::unavailable, codes::state_not_local,
              "The state folder lies on " + std::string(refused->name) +
                  ", where the database would lose what it confirmed. Set MODELKEEP_STATE_DIR to a "
                  "folder on a local disk.");
}

Result<> require_local_disk(const std::string& folder) {
  struct statfs file_system {};
  while (::statfs(folder.c_str(), &file_system) != 0) {
    if (errno != EINTR) return tl::unexpected{errno_error(errno, "statfs", folder)};
  }
  return require_local_type(static_cast<std::uint32_t>(file_system.f_type));
}

Result<> require_undamaged(const StatePaths& paths) {
  if (!posix_files().stat(damage_note(paths))) return {};
  return not_whole("found by an earlier check");
}

Result<> check_and_remember(const StatePaths& paths) {
  Result<> checked = check_on_own_connection(paths);
  const std::string note = damage_note(paths);
  if (!checked && checked.error().code == codes::database_damaged) {
    TRY(write_file_atomic(posix_files(), note, checked.error().cause + '\n', kNotePermissions));
  } else if (checked && posix_files().stat(note)) {
    TRY(posix_files().remove_file(note));
  }
  return checked;
}

Result<> check_whole(sqlite::Connection& db) {
  const auto verdict = TRY(db.one<std::string>(kQuickCheck));
  if (verdict != "ok") return not_whole(verdict.value_or("no answer"));
  const auto table = TRY(db.one<std::string>(kForeignKeyCheck));
  if (table) return not_whole("foreign key of " + *table);
  return {};
}

}  // namespace modelkeep::catalog
