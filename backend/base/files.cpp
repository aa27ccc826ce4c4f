#include "base/files.h"

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace modelkeep {
namespace {

// The unit of st_blocks, whatever the file system's own block is.
constexpr std::uint64_t kStatBlockBytes = 512;

tl::unexpected<Error> failed(std::string_view what, std::string_view path) {
  return tl::unexpected{errno_error(errno, what, path)};
}

FileStat from_posix(const struct stat& found) {
  return {.size_bytes = static_cast<std::uint64_t>(found.st_size),
          .allocated_bytes = static_cast<std::uint64_t>(found.st_blocks) * kStatBlockBytes,
          .device = found.st_dev,
          .inode = found.st_ino,
          .links = found.st_nlink,
          .modified_ms = found.st_mtim.tv_sec * 1000LL + found.st_mtim.tv_nsec / 1'000'000,
          .is_folder = S_ISDIR(found.st_mode),
          .is_file = S_ISREG(found.st_mode)};
}

// Since Linux 5.8.
bool syncfs_tells_of_errors() {
  struct utsname kernel {};
  int major = 0;
  int minor = 0;
  if (::uname(&kernel) != 0) return false;
  if (std::sscanf(kernel.release, "%d.%d", &major, &minor) != 2) return false;
  return major > 5 || (major == 5 && minor >= 8);
}

class PosixFiles final : public Files {
 public:
  Result<Fd> open(const std::string& path, OpenMode mode, mode_t permissions) override {
    int flags = O_CLOEXEC | O_NOFOLLOW;
    if (mode == OpenMode::read) flags |= O_RDONLY;
    if (mode == OpenMode::write) flags |= O_RDWR | O_CREAT;
    if (mode == OpenMode::create_new) flags |= O_RDWR | O_CREAT | O_EXCL;
    Fd file(::open(path.c_str(), flags, permissions));
    if (!file) return failed("open", path);
    return file;
  }

  Result<> write_at(const Fd& file, std::span<const std::byte> bytes,
                    std::uint64_t offset) override {
    while (!bytes.empty()) {
      const ssize_t written =
          ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failed("pwrite", {});
      bytes = bytes.subspan(static_cast<std::size_t>(written));
      offset += static_cast<std::uint64_t>(written);
    }
    return {};
  }

  Result<std::size_t> read_at(const Fd& file, std::span<std::byte> into,
                              std::uint64_t offset) override {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t got = ::pread(file.get(), into.data() + done, into.size() - done,
                                  static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed("pread", {});
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  Result<> truncate(const Fd& file, std::uint64_t size_bytes) override {
    if (::ftruncate(file.get(), static_cast<off_t>(size_bytes)) != 0)
      return failed("ftruncate", {});
    return {};
  }

  Result<> allocate(const Fd& file, std::uint64_t size_bytes) override {
    if (size_bytes == 0) return {};
    if (::fallocate(file.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size_bytes)) == 0)
      return {};
    if (errno == EOPNOTSUPP || errno == ENOSYS) return {};
    return failed("fallocate", {});
  }

  Result<> sync(const Fd& file) override {
    if (::fsync(file.get()) != 0) return failed("fsync", {});
    return {};
  }
  Result<> sync_data(const Fd& file) override {
    if (::fdatasync(file.get()) != 0) return failed("fdatasync", {});
    return {};
  }
  void start_writing(const Fd& file, std::uint64_t offset, std::uint64_t size_bytes) override {
    static_cast<void>(::sync_file_range(file.get(), static_cast<off64_t>(offset),
                                        static_cast<off64_t>(size_bytes), SYNC_FILE_RANGE_WRITE));
  }
  Result<bool> sync_all(const Fd& file) override {
    static const bool tells = syncfs_tells_of_errors();
    if (!tells) return false;
    if (::syncfs(file.get()) != 0) return failed("syncfs", {});
    return true;
  }
  Result<> sync_folder(const std::string& path) override {
    const Fd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return failed("open", path);
    if (::fsync(folder.get()) != 0) return failed("fsync", path);
    return {};
  }

  Result<> rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return failed("rename", from);
    return {};
  }
  Result<> exchange(const std::string& a, const std::string& b) override {
    if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) != 0) {
      return failed("renameat2", a);
    }
    return {};
  }
  Result<> link(const std::string& existing, const std::string& name) override {
    if (::link(existing.c_str(), name.c_str()) != 0) return failed("link", name);
    return {};
  }
  Result<> symlink(const std::string& target, const std::string& name) override {
    if (::symlink(target.c_str(), name.c_str()) != 0) return failed("symlink", name);
    return {};
  }
  Result<> remove_file(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return failed("unlink", path);
    return {};
  }
  Result<> remove_folder(const std::string& path) override {
    if (::rmdir(path.c_str()) != 0) return failed("rmdir", path);
    return {};
  }
  Result<> make_folders(const std::string& path, mode_t permissions) override {
    for (std::size_t end = path.find('/', 1); end != std::string::npos;
         end = path.find('/', end + 1)) {
      TRY(make_folder(path.substr(0, end), permissions));
    }
    return make_folder(path, permissions);
  }
  Result<> set_permissions(const std::string& path, mode_t permissions) override {
    if (::chmod(path.c_str(), permissions) != 0) return failed("chmod", path);
    return {};
  }

  Result<FileStat> stat(const std::string& path) override {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return failed("stat", path);
    return from_posix(found);
  }
  Result<std::string> read_link(const std::string& path) override {
    std::string target(PATH_MAX, '\0');
    const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
    if (size < 0) return failed("readlink", path);
    target.resize(static_cast<std::size_t>(size));
    return target;
  }
  Result<DiskSpace> space(const std::string& path) override {
    struct statvfs found {};
    if (::statvfs(path.c_str(), &found) != 0) return failed("statvfs", path);
    return DiskSpace{.total_bytes = std::uint64_t{found.f_blocks} * found.f_frsize,
                     .free_bytes = std::uint64_t{found.f_bavail} * found.f_frsize};
  }

 private:
  static Result<> make_folder(const std::string& path, mode_t permissions) {
    if (path.empty() || ::mkdir(path.c_str(), permissions) == 0 || errno == EEXIST) return {};
    // A parent we may not write, on a read-only root for example, is fine as long as it is there.
    const int error_number = errno;
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) return {};
    return tl::unexpected{errno_error(error_number, "mkdir", path)};
  }
};

}  // namespace

Files& posix_files() {
  static PosixFiles files;
  return files;
}

Error errno_error(int error_number, std::string_view what, std::string_view path) {
  std::string cause =
      std::string(what) + " " + std::string(path) + ": " + std::strerror(error_number);
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return {ErrorKind::no_space, codes::disk_full,
              "The disk is full. Free some space; work goes on by itself.", std::move(cause)};
    case EROFS:
      return {ErrorKind::unavailable, codes::storage_readonly,
              "The storage is mounted read-only. Mount it writable; work goes on by itself.",
              std::move(cause)};
    case ENOENT:
    case ENOTDIR:
      return {ErrorKind::not_found, codes::file_not_found, "A file is not there.",
              std::move(cause)};
    case EEXIST:
    case ENOTEMPTY:
      return {ErrorKind::conflict, codes::state_conflict, "A file is in the way.",
              std::move(cause)};
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EAGAIN:
      return {ErrorKind::unavailable, codes::storage_failed,
              "The machine is short of resources; try again.", std::move(cause)};
    default:
      return {ErrorKind::internal, codes::storage_failed,
              "The storage failed. The log names the file and the cause.", std::move(cause)};
  }
}

Result<std::string> read_file(Files& files, const std::string& path, std::uint64_t limit_bytes) {
  const Fd file = TRY(files.open(path, OpenMode::read));
  const FileStat found = TRY(files.stat(path));
  if (found.size_bytes > limit_bytes) {
    return fail(ErrorKind::too_large, codes::storage_failed, "A file is larger than expected.",
                path);
  }
  std::string content(found.size_bytes, '\0');
  const std::size_t got = TRY(files.read_at(file, std::as_writable_bytes(std::span(content)), 0));
  content.resize(got);
  return content;
}

Result<> write_file_atomic(Files& files, const std::string& path, std::string_view content,
                           mode_t permissions) {
  const std::string beside = path + ".new";
  {
    const Fd file = TRY(files.open(beside, OpenMode::write, permissions));
    TRY(files.truncate(file, 0));
    TRY(files.write_at(file, std::as_bytes(std::span(content)), 0));
    TRY(files.sync(file));
  }
  TRY(files.rename(beside, path));
  return files.sync_folder(path.substr(0, path.rfind('/')));
}

}  // namespace modelkeep
