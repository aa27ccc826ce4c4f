#include "catalog/backup.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "base/log.h"
#include "base/time_text.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kPrefix = "modelkeep-";
constexpr std::string_view kSuffix = ".db";
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::string_view kUserVersion = "PRAGMA user_version";

/// "2026-01-22T10:30:00Z" as "20260122T103000Z": sorts by time, and is a file name everywhere.
std::string compact(Time time) {
  std::string text = rfc3339(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

/// The moment in a backup's name; nullopt for another file.
std::optional<Time> taken_at(std::string_view name) {
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  if (name.size() < 16) return std::nullopt;
  std::string text(name.substr(0, 16));
  for (const std::size_t at : {13u, 11u}) text.insert(at, ":");
  for (const std::size_t at : {6u, 4u}) text.insert(at, "-");
  return parse_rfc3339(text);
}

Result<> remove_old(const StatePaths& paths) {
  const auto backups = TRY(list_backups(paths));
  for (std::size_t n = kBackupsKept; n < backups.size(); ++n) {
    TRY(posix_files().remove_file(backups[n]));
  }
  return {};
}

Result<> sync_path(const std::string& path) {
  const auto file = TRY(posix_files().open(path, OpenMode::read));
  return posix_files().sync(file);
}

/// So that only a whole copy ever has the name.
Result<> finish(const std::string& written, const std::string& path, const std::string& folder) {
  TRY(sync_path(written));
  TRY(posix_files().rename(written, path));
  return posix_files().sync_folder(folder);
}

}  // namespace

Result<std::string> backup_now(const StatePaths& paths, Time now) {
  sqlite::OpenOptions options;
  options.path = paths.database;
  options.write_lock_path = paths.write_lock;
  auto db = TRY(sqlite::Connection::open(options));
  const auto version = TRY(db.one<std::int64_t>(kUserVersion));
  std::string path = paths.backups + '/' + std::string(kPrefix) + compact(now) + "-v" +
                     std::to_string(version.value_or(0)) + std::string(kSuffix);
  const std::string written = path + ".part";
  if (posix_files().stat(written)) TRY(posix_files().remove_file(written));
  TRY(sqlite::backup_to(db, written));
  TRY(finish(written, path, paths.backups));
  TRY(remove_old(paths));
  log::info("database.backup", {{"file", path}});
  return path;
}

Result<bool> backup_if_due(const StatePaths& paths, Time now) {
  const auto backups = TRY(list_backups(paths));
  if (!backups.empty()) {
    const auto newest = taken_at(std::filesystem::path(backups.front()).filename().native());
    // Also one from a day in the future: the clock was wrong then or is wrong now.
    if (newest && std::llabs(now.ms - newest->ms) < kDayMs) return false;
  }
  TRY(backup_now(paths, now));
  return true;
}

Result<std::vector<std::string>> list_backups(const StatePaths& paths) {
  std::vector<std::string> backups;
  std::error_code error;
  std::filesystem::directory_iterator entries(paths.backups, error);
  if (error) return tl::unexpected{errno_error(error.value(), "list", paths.backups)};
  while (entries != std::filesystem::directory_iterator()) {
    if (taken_at(entries->path().filename().native())) backups.push_back(entries->path().native());
    entries.increment(error);
    if (error) return tl::unexpected{errno_error(error.value(), "list", paths.backups)};
  }
  std::sort(backups.begin(), backups.end(), std::greater<>());
  return backups;
}

Result<> restore_backup(const StatePaths& paths, const std::string& backup, Time now) {
  Files& files = posix_files();
  const auto alone = TRY(FileLock::try_take(paths.prepare_lock));
  const auto no_writer = TRY(FileLock::try_take(paths.write_lock));
  const std::string copied = paths.database + ".restore";
  if (files.stat(copied)) TRY(files.remove_file(copied));
  std::error_code error;
  std::filesystem::copy_file(backup, copied, error);
  if (error) return tl::unexpected{errno_error(error.value(), "copy", backup)};
  for (const std::string_view suffix : {"", "-wal", "-shm"}) {
    const std::string present = paths.database + std::string(suffix);
    if (!files.stat(present)) continue;
    TRY(files.rename(present, present + ".before-restore-" + compact(now)));
  }
  TRY(finish(copied, paths.database, paths.folder));
  log::info("database.restored", {{"file", backup}});
  return {};
}

}  // namespace modelkeep::catalog
