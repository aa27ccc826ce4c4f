#include "adopt/take_in.h"

#include <span>
#include <vector>

#include <unistd.h>

#include "base/digest.h"
#include "storage/blob_store.h"
#include "storage/link_file.h"

namespace modelkeep::adopt {
namespace {

constexpr std::size_t kBlockBytes = 1 << 20;
/// Upstream keeps files past 10 MB outside of git; above this no git oid is needed.
constexpr std::int64_t kGitFileMax = 16LL << 20;
constexpr mode_t kReadOnly = 0444;
constexpr mode_t kFolderPermissions = 0755;

Result<TakenFile> digests_of(Files& files, const Fd& file, std::int64_t size_bytes,
                             const HashProgress& progress) {
  Digest sha256 = Digest::sha256();
  Digest git = Digest::git_blob(static_cast<std::uint64_t>(size_bytes));
  const bool wants_git = size_bytes <= kGitFileMax;
  std::vector<std::byte> block(kBlockBytes);
  TakenFile taken;
  for (;;) {
    const std::size_t got =
        TRY(files.read_at(file, block, static_cast<std::uint64_t>(taken.size_bytes)));
    if (got == 0) break;
    const auto bytes = std::span<const std::byte>(block).first(got);
    sha256.update(bytes);
    if (wants_git) git.update(bytes);
    taken.size_bytes += static_cast<std::int64_t>(got);
    progress(static_cast<std::int64_t>(got));
  }
  taken.sha256 = sha256.finish_hex();
  if (wants_git) taken.git_oid = git.finish_hex();
  return taken;
}

bool same_state(const FileStat& before, const FileStat& after) {
  return before.size_bytes == after.size_bytes && before.inode == after.inode &&
         before.modified_ms == after.modified_ms;
}

std::string fresh_staging_name(const storage::Layout& layout) {
  static int number = 0;
  return layout.staging_root() + "/adopt-" + std::to_string(::getpid()) + '-' +
         std::to_string(++number);
}

/// Gives the file's content its name among the blobs.
Result<storage::Linked> store_blob(Files& files, const storage::Layout& layout,
                                   const std::string& path, const TakenFile& taken) {
  TRY(files.make_folders(layout.staging_root(), kFolderPermissions));
  const std::string staged = fresh_staging_name(layout);
  const storage::Linked linked = TRY(storage::link_file(files, path, staged));
  storage::BlobStore blobs(files, layout);
  const auto committed =
      blobs.commit(staged, taken.sha256, static_cast<std::uint64_t>(taken.size_bytes));
  if (!committed) {
    (void)files.remove_file(staged);
    return tl::unexpected{committed.error()};
  }
  return linked;
}

/// The blob was there before: the file gives way to a link to it.
Result<> replace_by_link(Files& files, const storage::Layout& layout, const std::string& path,
                         const TakenFile& taken) {
  const std::string staged = fresh_staging_name(layout);
  TRY(storage::link_file(files, layout.blob(taken.sha256), staged));
  return files.rename(staged, path);
}

}  // namespace

Result<TakenFile> take_in(Files& files, const storage::Layout& layout, const std::string& path,
                          const HashProgress& progress) {
  const FileStat before = TRY(files.stat(path));
  const Fd file = TRY(files.open(path, OpenMode::read));
  const TakenFile taken =
      TRY(digests_of(files, file, static_cast<std::int64_t>(before.size_bytes), progress));
  const FileStat after = TRY(files.stat(path));
  if (!same_state(before, after) ||
      taken.size_bytes != static_cast<std::int64_t>(before.size_bytes)) {
    return fail(ErrorKind::conflict, codes::state_conflict, "it was changed while it was read");
  }
  TRY(files.sync(file));
  const storage::Linked linked = TRY(store_blob(files, layout, path, taken));
  const FileStat blob = TRY(files.stat(layout.blob(taken.sha256)));
  if (linked == storage::Linked::shared && blob.inode != after.inode) {
    TRY(replace_by_link(files, layout, path, taken));
  }
  TRY(files.set_permissions(path, kReadOnly));
  return taken;
}

Result<> ensure_blob(Files& files, const storage::Layout& layout, const std::string& path,
                     const TakenFile& taken) {
  storage::BlobStore blobs(files, layout);
  const auto size_bytes = TRY(blobs.find(taken.sha256));
  if (size_bytes && *size_bytes == static_cast<std::uint64_t>(taken.size_bytes)) return {};
  TRY(store_blob(files, layout, path, taken));
  return {};
}

}  // namespace modelkeep::adopt
