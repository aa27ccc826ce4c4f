#include "storage/blob_store.h"

#include "base/error_codes.h"
#include "storage/folder_list.h"

namespace modelkeep::storage {
namespace {

constexpr mode_t kBlobPermissions = 0444;
constexpr mode_t kFolderPermissions = 0755;
// From so many folders on, syncing the whole file system costs less than one sync each.
constexpr std::size_t kTogether = 8;

bool is_absence(const Error& error) {
  return error.kind == ErrorKind::not_found;
}

}  // namespace

Result<std::optional<std::uint64_t>> BlobStore::find(std::string_view sha256) {
  const auto found = files_.stat(layout_.blob(sha256));
  if (!found && is_absence(found.error())) return std::nullopt;
  if (!found) return tl::unexpected{found.error()};
  if (!found->is_file) return std::nullopt;
  return found->size_bytes;
}

Result<> BlobStore::commit(const std::string& path, std::string_view sha256,
                           std::uint64_t size_bytes) {
  return commit({{path, std::string(sha256), size_bytes}});
}

Result<> BlobStore::commit(const std::vector<SyncedFile>& synced) {
  std::set<std::string> folders;
  for (const SyncedFile& file : synced) {
    const std::string folder = layout_.blob_prefix_dir(file.sha256);
    if (folders.insert(folder).second && !files_.stat(folder)) {
      TRY(files_.make_folders(folder, kFolderPermissions));
      TRY(files_.set_permissions(folder, kFolderPermissions));
      folders.insert(layout_.blobs_dir());
    }
  }
  for (const SyncedFile& file : synced) TRY(take_in(file));
  return sync_names(folders);
}

Result<> BlobStore::take_in(const SyncedFile& file) {
  if (const auto present = TRY(find(file.sha256)); present && *present == file.size_bytes) {
    auto removed = files_.remove_file(file.path);
    if (!removed && !is_absence(removed.error())) return removed;
    return {};
  }
  TRY(files_.set_permissions(file.path, kBlobPermissions));
  // The rename is the commit point: before it a crash leaves a part to resume, after it a whole
  // blob.
  return files_.rename(file.path, layout_.blob(file.sha256));
}

Result<> BlobStore::sync_names(const std::set<std::string>& folders) {
  if (folders.size() >= kTogether) {
    const Fd any = TRY(files_.open(layout_.blobs_dir(), OpenMode::read));
    if (TRY(files_.sync_all(any))) return {};
  }
  for (const std::string& folder : folders) TRY(files_.sync_folder(folder));
  return {};
}

Result<Fd> BlobStore::open(std::string_view sha256) {
  return files_.open(layout_.blob(sha256), OpenMode::read);
}

Result<> BlobStore::remove(std::string_view sha256) {
  auto removed = files_.remove_file(layout_.blob(sha256));
  if (!removed && is_absence(removed.error())) return {};
  return removed;
}

Result<std::vector<std::string>> BlobStore::list() {
  std::vector<std::string> blobs;
  for (const std::string& prefix : TRY(list_folder(layout_.blobs_dir()))) {
    for (std::string& name : TRY(list_folder(layout_.blobs_dir() + "/" + prefix))) {
      if (is_blob_name(name)) blobs.push_back(std::move(name));
    }
  }
  return blobs;
}

}  // namespace modelkeep::storage
