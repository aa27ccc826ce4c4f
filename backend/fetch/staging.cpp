#include "fetch/staging.h"

#include <limits>
#include <unordered_map>

#include "base/error_codes.h"
#include "base/range_notes.h"
#include "storage/folder_list.h"

namespace modelkeep::fetch {
namespace {

constexpr mode_t kFolderPermissions = 0700;
constexpr mode_t kFilePermissions = 0600;
constexpr std::uint64_t kBootIdBytesMax = 64;
constexpr std::size_t kBootIdBytes = 36;

// Files of /proc have no size, so read_file would find them empty.
std::string current_boot_id(Files& files) {
  const auto file = files.open("/proc/sys/kernel/random/boot_id", OpenMode::read);
  if (!file) return {};
  std::string id(kBootIdBytes, '\0');
  const auto got = files.read_at(*file, std::as_writable_bytes(std::span(id)), 0);
  return got && *got == kBootIdBytes ? id : std::string();
}

// A part that is written in any order is not cut: its notes say what counts of it.
Result<> cut_to_checkpoints(Files& files, const storage::Layout& layout, std::int64_t download_id,
                            const std::vector<catalog::DownloadFile>& plan) {
  std::unordered_map<std::int64_t, std::uint64_t> kept;
  for (const auto& file : plan)
    kept[file.number] = static_cast<std::uint64_t>(file.checkpoint_bytes);
  constexpr std::uint64_t kAnySize = std::numeric_limits<std::uint64_t>::max();
  for (const std::string& name : TRY(storage::list_folder(layout.staging_dir(download_id)))) {
    const auto number = storage::parse_part_name(name);
    if (!number) continue;
    const std::string path = layout.part(download_id, *number);
    const std::string ranges = layout.part_ranges(download_id, *number);
    if (files.stat(ranges)) {
      const auto synced = read_notes(files, layout.part_synced(download_id, *number), kAnySize);
      TRY(keep_notes(files, ranges, synced));
      continue;
    }
    const FileStat found = TRY(files.stat(path));
    if (found.size_bytes <= kept[*number]) continue;
    const Fd part = TRY(files.open(path, OpenMode::write));
    TRY(files.truncate(part, kept[*number]));
    TRY(files.sync(part));
  }
  return {};
}

}  // namespace

Result<> prepare_staging(Files& files, const storage::Layout& layout, std::int64_t download_id,
                         const std::vector<catalog::DownloadFile>& plan) {
  const std::string path = layout.staging_boot_id(download_id);
  const std::string boot_id = current_boot_id(files);
  const auto written_under = read_file(files, path, kBootIdBytesMax);
  if (written_under && !boot_id.empty() && *written_under == boot_id) return {};
  TRY(files.make_folders(layout.staging_dir(download_id), kFolderPermissions));
  TRY(cut_to_checkpoints(files, layout, download_id, plan));
  return write_file_atomic(files, path, boot_id, kFilePermissions);
}

}  // namespace modelkeep::fetch
