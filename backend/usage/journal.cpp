#include "usage/journal.h"

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <mutex>
#include <shared_mutex>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/files.h"
#include "base/log.h"

namespace modelkeep::usage {
namespace {

/// Then a fresh one is begun, so that the old one can be removed once it is imported.
constexpr std::uint64_t kFileMax = 16ULL << 20;
/// So much of the disk is ours before it is needed: some thousand answers.
constexpr std::uint64_t kAheadBytes = 1ULL << 20;
constexpr std::uint64_t kAheadLeast = kAheadBytes / 2;

Result<std::string> fresh_name(const std::string& label) {
  std::uint64_t random = 0;
  if (::getrandom(&random, sizeof random, 0) != static_cast<ssize_t>(sizeof random)) {
    return tl::unexpected{errno_error(errno, "getrandom", "")};
  }
  return label + '-' + std::to_string(::getpid()) + '-' + std::to_string(random) + ".journal";
}

/// The lock says that the owner lives. It is taken before the file has its name: a drainer that met
/// it without would take it for a dead one's.
Result<Fd> create_locked(const std::string& folder, const std::string& label) {
  const std::string name = TRY(fresh_name(label));
  const std::string path = folder + '/' + name;
  const std::string unnamed = path + ".new";
  Fd file(::open(unnamed.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) return tl::unexpected{errno_error(errno, "open", unnamed)};
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return tl::unexpected{errno_error(errno, "flock", unnamed)};
  }
  TRY(posix_files().rename(unnamed, path));
  TRY(posix_files().sync_folder(folder));
  return file;
}

tl::unexpected<Error> not_recorded(int error_number) {
  Error error = errno_error(error_number, "write", "journal");
  error.message = "The request could not be recorded, so it was not carried out to its end.";
  return tl::unexpected{std::move(error)};
}

}  // namespace

struct Journal::Impl {
  Impl(std::string in_folder, std::string with_label, Pulse its_pulse, MakeRoom of_ballast,
       Fd locked)
      : folder(std::move(in_folder)),
        label(std::move(with_label)),
        pulse(std::move(its_pulse)),
        make_room(std::move(of_ballast)),
        file(std::move(locked)) {}

  std::string folder;
  std::string label;
  Pulse pulse;
  MakeRoom make_room;
  std::shared_mutex mutex;  ///< Shared to append, alone to begin a fresh file.
  Fd file;
  std::atomic<std::uint64_t> size_bytes = 0;
  std::atomic<std::uint64_t> ahead_to = 0;  ///< Up to here the disk is ours.
  std::atomic<bool> is_torn = false;  ///< The last write was cut: the next one ends its line first.

  Result<> write_line(std::string line, Durability durability) {
    const std::shared_lock appending(mutex);
    if (is_torn.load()) line.insert(line.begin(), '\n');
    ssize_t written = -1;
    do {
      written = ::write(file.get(), line.data(), line.size());
    } while (written < 0 && errno == EINTR);
    if (written < 0) return not_recorded(errno);
    size_bytes += static_cast<std::uint64_t>(written);
    if (written < static_cast<ssize_t>(line.size())) {
      // The kernel had room for a part only; what came before it may have been cut as well.
      is_torn = true;
      return not_recorded(ENOSPC);
    }
    is_torn = false;
    if (durability == Durability::power && ::fdatasync(file.get()) != 0) return not_recorded(errno);
    return {};
  }

  /// One of those who append at a time does it; where the disk does not give it, the next one
  /// tries.
  void set_space_aside() {
    std::uint64_t before = ahead_to.load();
    const std::uint64_t size = size_bytes.load();
    if (size + kAheadLeast <= before || size >= kFileMax) return;
    if (!ahead_to.compare_exchange_strong(before, size + kAheadBytes)) return;
    const std::shared_lock using_the_file(mutex);
    if (::fallocate(file.get(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(size),
                    static_cast<off_t>(kAheadBytes)) != 0 &&
        errno == ENOSPC) {
      ahead_to = before;
    }
  }

  void begin_fresh_file() {
    const std::unique_lock alone(mutex);
    if (size_bytes.load() < kFileMax) return;
    auto fresh = create_locked(folder, label);
    if (!fresh) {
      log::failure("journal.fresh_file", fresh.error());
      return;
    }
    file = std::move(*fresh);
    size_bytes = 0;
    ahead_to = 0;
    is_torn = false;
  }
};

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<Journal> Journal::open(std::string folder, std::string label, Pulse pulse,
                              MakeRoom make_room) {
  auto file = create_locked(folder, label);
  if (!file && file.error().kind == ErrorKind::no_space && make_room && make_room())
    file = create_locked(folder, label);
  if (!file) return tl::unexpected{std::move(file).error()};
  auto impl = std::make_unique<Impl>(std::move(folder), std::move(label), std::move(pulse),
                                     std::move(make_room), std::move(*file));
  impl->set_space_aside();
  return Journal(std::move(impl));
}

Result<> Journal::append(const Event& event, Durability durability) {
  const std::string line = record_line(event);
  auto written = impl_->write_line(line, durability);
  if (!written && written.error().kind == ErrorKind::no_space && impl_->make_room &&
      impl_->make_room()) {
    written = impl_->write_line(line, durability);
  }
  TRY(std::move(written));
  impl_->set_space_aside();
  impl_->pulse.appended();
  if (impl_->size_bytes.load() >= kFileMax) impl_->begin_fresh_file();
  return {};
}

}  // namespace modelkeep::usage
