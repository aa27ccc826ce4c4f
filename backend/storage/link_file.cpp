#include "storage/link_file.h"

#include <span>
#include <vector>

#include <linux/fs.h>
#include <sys/ioctl.h>

namespace modelkeep::storage {
namespace {

constexpr std::size_t kCopyBlockBytes = std::size_t{1} << 20;
constexpr mode_t kFilePermissions = 0444;

Result<> copy_bytes(Files& files, const Fd& from, const Fd& to) {
  std::vector<std::byte> block(kCopyBlockBytes);
  for (std::uint64_t offset = 0;;) {
    const std::size_t got = TRY(files.read_at(from, block, offset));
    if (got == 0) return {};
    TRY(files.write_at(to, std::span(block).first(got), offset));
    offset += got;
  }
}

Result<> copy_file(Files& files, const std::string& existing, const std::string& name) {
  const Fd from = TRY(files.open(existing, OpenMode::read));
  const Fd to = TRY(files.open(name, OpenMode::create_new));
  if (::ioctl(to.get(), FICLONE, from.get()) != 0) TRY(copy_bytes(files, from, to));
  TRY(files.sync(to));
  return files.set_permissions(name, kFilePermissions);
}

}  // namespace

Result<Linked> link_file(Files& files, const std::string& existing, const std::string& name) {
  auto linked = files.link(existing, name);
  if (linked) return Linked::shared;
  // A missing blob or a name that is taken stays an error; only "cannot link" is answered by a
  // copy.
  if (linked.error().kind != ErrorKind::internal) return tl::unexpected{std::move(linked).error()};
  TRY(copy_file(files, existing, name));
  return Linked::copied;
}

}  // namespace modelkeep::storage
