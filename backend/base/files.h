#pragma once
// The disk as a seam: whatever must survive a crash writes through Files, so that a test can fail
// the N-th call. Paths are absolute. errno becomes an Error in one place, errno_error below.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/fd.h"
#include "base/result.h"

namespace modelkeep {

struct FileStat {
  std::uint64_t size_bytes = 0;
  std::uint64_t allocated_bytes = 0;  ///< What it takes of the disk, holes left out.
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t links = 0;
  std::int64_t modified_ms = 0;
  bool is_folder = false;
  bool is_file = false;
};

struct DiskSpace {
  std::uint64_t total_bytes = 0;
  std::uint64_t free_bytes = 0;  ///< What this user may still write.
};

enum class OpenMode : std::uint8_t {
  read,
  write,       ///< Created when absent, kept as it is otherwise; readable too.
  create_new,  ///< conflict when it exists.
};

class Files {
 public:
  virtual ~Files() = default;

  /// Never follows a symlink in the last component. New files get `permissions`.
  virtual Result<Fd> open(const std::string& path, OpenMode mode, mode_t permissions = 0600) = 0;
  virtual Result<> write_at(const Fd& file, std::span<const std::byte> bytes,
                            std::uint64_t offset) = 0;
  /// Bytes read; fewer than asked for only at the end of the file.
  virtual Result<std::size_t> read_at(const Fd& file, std::span<std::byte> into,
                                      std::uint64_t offset) = 0;
  virtual Result<> truncate(const Fd& file, std::uint64_t size_bytes) = 0;
  /// Reserves blocks without changing the size; success also where the file system cannot.
  virtual Result<> allocate(const Fd& file, std::uint64_t size_bytes) = 0;
  virtual Result<> sync(const Fd& file) = 0;
  virtual Result<> sync_data(const Fd& file) = 0;
  /// Begins to write that part of the file to the disk and waits for nothing, so that a later sync
  /// has little left to do. A hint: no error of the disk shows here.
  virtual void start_writing(const Fd& file, std::uint64_t offset, std::uint64_t size_bytes) = 0;
  /// Everything on the file's file system, names included, in one go. False when this kernel does
  /// not say whether that failed: nothing is known then.
  virtual Result<bool> sync_all(const Fd& file) = 0;
  virtual Result<> sync_folder(const std::string& path) = 0;

  virtual Result<> rename(const std::string& from, const std::string& to) = 0;
  /// Swaps two existing names in one step (RENAME_EXCHANGE).
  virtual Result<> exchange(const std::string& a, const std::string& b) = 0;
  virtual Result<> link(const std::string& existing, const std::string& name) = 0;
  /// A symlink called `name` whose text is `target`; conflict when the name is taken.
  virtual Result<> symlink(const std::string& target, const std::string& name) = 0;
  virtual Result<> remove_file(const std::string& path) = 0;
  virtual Result<> remove_folder(const std::string& path) = 0;  ///< An empty one.
  /// With its missing parents; success when it exists.
  virtual Result<> make_folders(const std::string& path, mode_t permissions) = 0;
  virtual Result<> set_permissions(const std::string& path, mode_t permissions) = 0;

  /// not_found (file_not_found) when absent; a symlink is itself, neither file nor folder.
  virtual Result<FileStat> stat(const std::string& path) = 0;
  /// The text of a symlink.
  virtual Result<std::string> read_link(const std::string& path) = 0;
  virtual Result<DiskSpace> space(const std::string& path) = 0;
};

/// The real disk; any thread.
Files& posix_files();

/// errno as a kind and a code: no_space/disk_full, storage_readonly, file_not_found, ... `what`
/// names the call.
Error errno_error(int error_number, std::string_view what, std::string_view path);

/// The whole file; `too_large` past `limit_bytes`.
Result<std::string> read_file(Files& files, const std::string& path, std::uint64_t limit_bytes);

/// Writes beside, syncs, renames over, syncs the folder: after a crash it is the old file or the
/// new one.
Result<> write_file_atomic(Files& files, const std::string& path, std::string_view content,
                           mode_t permissions);

}  // namespace modelkeep
