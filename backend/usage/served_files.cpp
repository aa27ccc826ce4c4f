// The files of nginx's record: how a fresh one is begun, and when an old one is over.
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/files.h"
#include "usage/served_log.h"

namespace modelkeep::usage {
namespace {

constexpr std::string_view kLink = "bytes.log";
constexpr std::string_view kPrefix = "bytes-";
constexpr std::string_view kSuffix = ".log";
// Whoever looked up the symlink before it was turned has opened the file by then.
constexpr std::int64_t kTurnedForS = 10;

Result<std::string> fresh_name() {
  std::uint64_t random = 0;
  if (::getrandom(&random, sizeof random, 0) != static_cast<ssize_t>(sizeof random))
    return tl::unexpected{errno_error(errno, "getrandom", "")};
  return std::string{kPrefix} + std::to_string(random) + std::string{kSuffix};
}

/// The name that the symlink leads to; empty when there is none.
std::string target_of(const std::string& link) {
  std::array<char, 256> name{};
  const ssize_t length = ::readlink(link.c_str(), name.data(), name.size());
  return length <= 0 ? std::string{} : std::string(name.data(), static_cast<std::size_t>(length));
}

/// nginx makes a plain file where the symlink was taken away. Nothing of it has been imported:
/// under a name of its own it will be.
Result<> give_plain_file_a_name(const std::string& folder, const std::string& link) {
  const auto found = posix_files().stat(link);
  if (!found || !found->is_file) return {};
  return posix_files().rename(link, folder + '/' + TRY(fresh_name()));
}

/// With its space, so that reads are counted on a full disk too.
Result<> create_with_space(const std::string& path) {
  const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) return tl::unexpected{errno_error(errno, "open", path)};
  if (::fallocate(file.get(), FALLOC_FL_KEEP_SIZE, 0, kServedLogMax) == 0) return {};
  if (errno != ENOSPC && errno != EDQUOT) return {};
  Error error = errno_error(errno, "fallocate", path);
  ::unlink(path.c_str());
  return tl::unexpected{std::move(error)};
}

}  // namespace

Result<> begin_served_log(const std::string& folder) {
  const std::string link = folder + '/' + std::string{kLink};
  TRY(give_plain_file_a_name(folder, link));
  const std::string name = TRY(fresh_name());
  TRY(create_with_space(folder + '/' + name));
  const std::string beside = link + ".new";
  ::unlink(beside.c_str());
  if (::symlink(name.c_str(), beside.c_str()) != 0)
    return tl::unexpected{errno_error(errno, "symlink", beside)};
  TRY(posix_files().rename(beside, link));
  return posix_files().sync_folder(folder);
}

bool needs_fresh_served_log(const std::string& folder) {
  const std::string link = folder + '/' + std::string{kLink};
  struct stat found {};
  if (target_of(link).empty() || ::stat(link.c_str(), &found) != 0) return true;
  return found.st_size >= kServedLogMax;
}

bool is_served_log(std::string_view name) {
  return name.starts_with(kPrefix) && name.ends_with(kSuffix);
}

bool is_finished(const std::string& folder, const std::string& name, std::int64_t size_bytes) {
  const std::string link = folder + '/' + std::string{kLink};
  struct stat turned {};
  if (::lstat(link.c_str(), &turned) != 0 || !S_ISLNK(turned.st_mode) || target_of(link) == name)
    return false;
  const std::int64_t turned_for_s = ::time(nullptr) - turned.st_mtime;
  if (turned_for_s >= 0 && turned_for_s < kTurnedForS) return false;
  const Fd file(::open((folder + '/' + name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return false;
  // The kernel grants this lease only while nobody has the file open for writing. Someone who opens
  // it meanwhile would cost us a signal: one that nobody minds.
  if (::fcntl(file.get(), F_SETSIG, SIGURG) != 0 || ::fcntl(file.get(), F_SETLEASE, F_RDLCK) != 0)
    return false;
  struct stat found {};
  return ::fstat(file.get(), &found) == 0 && found.st_size == size_bytes;
}

}  // namespace modelkeep::usage
