#include "fetch/import/take_file.h"

#include <cerrno>
#include <span>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error_codes.h"
#include "catalog/local_models.h"

namespace modelkeep::fetch {
namespace {

constexpr std::size_t kBlockBytes = 1 << 20;
constexpr std::uint64_t kWriteBackBytes = 32 << 20;
constexpr mode_t kReadOnly = 0444;

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorKind::conflict, codes::state_conflict, std::move(message));
}

Result<> link_to(const OpenSource& source, const std::string& staged) {
  if (!source.is_ours) {
    return refuse(source.facts.path +
                  ": it belongs to someone else and cannot be made read-only; import without "
                  "--link, which copies.");
  }
  // By its descriptor: the name may lead to another file by now.
  const std::string opened = "/proc/self/fd/" + std::to_string(source.file.get());
  if (::linkat(AT_FDCWD, opened.c_str(), AT_FDCWD, staged.c_str(), AT_SYMLINK_FOLLOW) != 0) {
    if (errno == EXDEV || errno == EPERM || errno == EMLINK) {
      return refuse(source.facts.path +
                    ": it cannot be linked into the store, which --link needs to be on the same "
                    "file system; import without --link, which copies.");
    }
    return tl::unexpected{errno_error(errno, "linkat", staged)};
  }
  if (::fchmod(source.file.get(), kReadOnly) != 0)
    return tl::unexpected{errno_error(errno, "fchmod", source.facts.path)};
  return {};
}

/// Reads all of `from`, into the digests and, where there is one, into `to`.
class Passage {
 public:
  Passage(Files& files, const OpenSource& source, const OnBytes& on_bytes)
      : files_(files), source_(source), on_bytes_(on_bytes) {}

  Result<TakenFile> run(const Fd& from, const Fd* to) {
    std::vector<std::byte> block(kBlockBytes);
    std::uint64_t offset = 0;
    const auto expected = static_cast<std::uint64_t>(source_.facts.size_bytes);
    for (bool first = true;; first = false) {
      const std::size_t got = TRY(files_.read_at(from, block, offset));
      const auto bytes = std::span<const std::byte>(block).first(got);
      if (first) {
        is_git_ = catalog::is_git_file(source_.facts.size_bytes,
                                       {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
      }
      if (got == 0) break;
      if (offset + got > expected) return refuse(source_.facts.path + ": it grows meanwhile.");
      sha256_.update(bytes);
      if (is_git_) git_.update(bytes);
      if (to != nullptr) TRY(write(*to, bytes, offset));
      offset += got;
      TRY(on_bytes_(static_cast<std::int64_t>(got)));
    }
    TakenFile taken{.sha256 = sha256_.finish_hex()};
    if (is_git_) taken.git_oid = git_.finish_hex();
    return taken;
  }

 private:
  Result<> write(const Fd& to, std::span<const std::byte> bytes, std::uint64_t offset) {
    TRY(files_.write_at(to, bytes, offset));
    const std::uint64_t end = offset + bytes.size();
    if (end - written_back_ < kWriteBackBytes) return {};
    files_.start_writing(to, written_back_, end - written_back_);
    written_back_ = end;
    return {};
  }

  Files& files_;
  const OpenSource& source_;
  const OnBytes& on_bytes_;
  Digest sha256_ = Digest::sha256();
  Digest git_ = Digest::git_blob(static_cast<std::uint64_t>(source_.facts.size_bytes));
  bool is_git_ = false;
  std::uint64_t written_back_ = 0;
};

Result<> make_way(Files& files, const std::string& staged) {
  auto removed = files.remove_file(staged);
  if (!removed && removed.error().kind != ErrorKind::not_found) return removed;
  return {};
}

Result<> require_unchanged(const OpenSource& source) {
  struct stat facts {};
  if (::fstat(source.file.get(), &facts) != 0)
    return tl::unexpected{errno_error(errno, "fstat", source.facts.path)};
  const std::string now = stamp_of(facts);
  if (now == source.facts.stamp && facts.st_size == source.facts.size_bytes) return {};
  return refuse(source.facts.path +
                ": it was changed while it was read. Import it again when nobody writes to it.");
}

}  // namespace

bool can_clone(Files& files, const OpenSource& source, const std::string& staged) {
  if (!make_way(files, staged)) return false;
  const auto to = files.open(staged, OpenMode::create_new);
  const bool cloned = to && ::ioctl(to->get(), FICLONE, source.file.get()) == 0;
  static_cast<void>(make_way(files, staged));
  return cloned;
}

Result<TakenFile> take_file(Files& files, const OpenSource& source, const std::string& staged,
                            Taking taking, const OnBytes& on_bytes) {
  TRY(make_way(files, staged));
  Passage passage(files, source, on_bytes);
  TakenFile taken;
  if (taking == Taking::link) {
    TRY(link_to(source, staged));
    taken = TRY(passage.run(source.file, nullptr));
    taken.cloned = true;
    TRY(files.sync(source.file));
  } else {
    const Fd to = TRY(files.open(staged, OpenMode::create_new));
    const bool cloned = ::ioctl(to.get(), FICLONE, source.file.get()) == 0;
    taken = TRY(passage.run(cloned ? to : source.file, cloned ? nullptr : &to));
    taken.cloned = cloned;
    TRY(files.sync(to));
  }
  TRY(require_unchanged(source));
  return taken;
}

}  // namespace modelkeep::fetch
