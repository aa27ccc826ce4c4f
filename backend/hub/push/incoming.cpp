#include "hub/push/incoming.h"

#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/error_codes.h"

namespace modelkeep::hub {
namespace {

constexpr mode_t kFolderPermissions = 0700;
constexpr std::uint64_t kWriteBackBytes = 32 << 20;
constexpr std::size_t kBlockBytes = 1 << 20;

tl::unexpected<Error> mismatch() {
  return fail(ErrorKind::invalid, codes::checksum_mismatch,
              "The bytes that arrived are not those of the SHA-256 they were announced by. Upload "
              "the file again.");
}

Result<> rename_to(Files& files, const storage::Layout& layout, const std::string& path,
                   std::string_view sha256) {
  TRY(files.rename(path, layout.pushed_object(sha256)));
  return files.sync_folder(layout.pushed_dir());
}

}  // namespace

Incoming::Incoming(Files& files, const storage::Layout& layout, std::string path, Fd file)
    : files_(&files), layout_(&layout), path_(std::move(path)), file_(std::move(file)) {}

Incoming::~Incoming() {
  if (file_) static_cast<void>(files_->remove_file(path_));
}

Result<Incoming> Incoming::begin(Files& files, const storage::Layout& layout, std::string part) {
  TRY(files.make_folders(layout.pushed_dir(), kFolderPermissions));
  std::string path = layout.pushed_dir() + '/' + part;
  Fd file = TRY(files.open(path, OpenMode::create_new));
  return Incoming(files, layout, std::move(path), std::move(file));
}

Result<> Incoming::write(std::span<const char> bytes) {
  const auto raw = std::as_bytes(bytes);
  TRY(files_->write_at(file_, raw, written_));
  sha256_.update(raw);
  written_ += raw.size();
  if (written_ - written_back_ < kWriteBackBytes) return {};
  files_->start_writing(file_, written_back_, written_ - written_back_);
  written_back_ = written_;
  return {};
}

Result<> Incoming::name_it(const std::string& sha256) {
  TRY(files_->sync(file_));
  TRY(rename_to(*files_, *layout_, path_, sha256));
  file_ = Fd();
  return {};
}

Result<std::string> Incoming::keep() {
  const std::string sha256 = sha256_.finish_hex();
  TRY(name_it(sha256));
  return sha256;
}

Result<> Incoming::keep_as(std::string_view sha256) {
  const std::string found = sha256_.finish_hex();
  if (found != sha256) return mismatch();
  return name_it(found);
}

Result<> write_part(Files& files, const Fd& file, std::uint64_t& offset,
                    std::span<const char> bytes) {
  TRY(files.write_at(file, std::as_bytes(bytes), offset));
  offset += bytes.size();
  return {};
}

Result<> keep_assembled(Files& files, const storage::Layout& layout, const std::string& path,
                        std::string_view sha256, std::uint64_t size_bytes) {
  const Fd file = TRY(files.open(path, OpenMode::write));
  Digest digest = Digest::sha256();
  std::vector<std::byte> block(kBlockBytes);
  std::uint64_t offset = 0;
  while (const std::size_t got = TRY(files.read_at(file, block, offset))) {
    digest.update(std::span<const std::byte>(block).first(got));
    offset += got;
  }
  if (offset != size_bytes || digest.finish_hex() != sha256) {
    static_cast<void>(files.remove_file(path));
    return mismatch();
  }
  TRY(files.sync(file));
  return rename_to(files, layout, path, sha256);
}

Result<std::optional<std::int64_t>> size_of(Files& files, const storage::Layout& layout,
                                            std::string_view sha256) {
  for (const std::string& path : {layout.blob(sha256), layout.pushed_object(sha256)}) {
    const auto found = files.stat(path);
    if (found && found->is_file)
      return std::optional<std::int64_t>(static_cast<std::int64_t>(found->size_bytes));
    if (!found && found.error().kind != ErrorKind::not_found) return tl::unexpected{found.error()};
  }
  return std::optional<std::int64_t>();
}

Result<bool> is_here(Files& files, const storage::Layout& layout, std::string_view sha256,
                     std::int64_t size_bytes) {
  const auto found = TRY(size_of(files, layout, sha256));
  if (found != size_bytes) return false;
  // The sweep goes by this time.
  static_cast<void>(
      ::utimensat(AT_FDCWD, layout.pushed_object(sha256).c_str(), nullptr, AT_SYMLINK_NOFOLLOW));
  return true;
}

}  // namespace modelkeep::hub
