#include "base/shared_page.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file_lock.h"
#include "base/files.h"

namespace modelkeep {
namespace {

// Longer than any opener holds it: a few calls to the kernel.
constexpr std::chrono::milliseconds kPreparedWithin{5'000};
constexpr int kLooksMax = 100;

using LayoutName = std::array<char, kSharedPageLayoutBytes>;

Error failed(const char* call, const std::string& path) {
  return errno_error(errno, call, path);
}

/// Whether the file is a page of this layout, or one that nobody has written to.
Result<bool> is_ours(const Fd& file, const LayoutName& layout, const std::string& path) {
  struct stat found {};
  if (::fstat(file.get(), &found) != 0) return tl::unexpected{failed("stat", path)};
  if (found.st_size == 0) return true;
  if (found.st_size != static_cast<off_t>(kSharedPageBytes)) return false;
  LayoutName name{};
  if (::pread(file.get(), name.data(), name.size(), 0) != static_cast<ssize_t>(name.size()))
    return tl::unexpected{failed("read", path)};
  return name == layout || name == LayoutName{};
}

Result<std::shared_ptr<void>> map(const Fd& file, const LayoutName& layout,
                                  const std::string& path) {
  // Blocks and not only a size: a store into a hole of a full disk would be a SIGBUS.
  const int error = ::posix_fallocate(file.get(), 0, kSharedPageBytes);
  if (error != 0) return tl::unexpected{errno_error(error, "allocate", path)};
  void* mapped =
      ::mmap(nullptr, kSharedPageBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (mapped == MAP_FAILED) return tl::unexpected{failed("mmap", path)};
  const std::shared_ptr<std::byte> page(
      static_cast<std::byte*>(mapped), [](std::byte* begin) { ::munmap(begin, kSharedPageBytes); });
  std::memcpy(page.get(), layout.data(), layout.size());
  return std::shared_ptr<void>(page, page.get() + kSharedPageContentAt);
}

/// `lock_lost` when the file was replaced meanwhile, by another opener or by us: look again.
Result<std::shared_ptr<void>> look(const std::string& path, const LayoutName& layout) {
  const auto lock = TRY(FileLock::take(path, kPreparedWithin));
  // A descriptor of its own: a mapping keeps its file open, and with the lock's it would keep the
  // lock.
  const Fd file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return tl::unexpected{failed("open", path)};
  if (TRY(is_ours(file, layout, path))) return map(file, layout, path);
  if (::unlink(path.c_str()) != 0) return tl::unexpected{failed("unlink", path)};
  return fail(ErrorKind::internal, codes::lock_lost,
              "A page that processes share is replaced over and over. Nothing but Modelkeep may "
              "write to its run folder.",
              "another layout: " + path);
}

}  // namespace

Result<std::shared_ptr<void>> detail::map_shared_page(const std::string& path,
                                                      std::string_view layout) {
  LayoutName name{};
  layout.copy(name.data(), name.size());
  for (int looks = 1;; ++looks) {
    auto page = look(path, name);
    if (page || page.error().code != codes::lock_lost || looks == kLooksMax) return page;
  }
}

}  // namespace modelkeep
