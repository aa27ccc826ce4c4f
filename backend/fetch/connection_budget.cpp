#include "fetch/connection_budget.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/error_codes.h"
#include "base/files.h"
#include "fetch/limits.h"

namespace modelkeep::fetch {
namespace {

// The bytes of the file that are locked; it stays empty. [0, kConnectionsMax) are the connections.
constexpr std::int64_t kDownloads = 1'000;  // Who downloads, one byte each.
constexpr std::int64_t kLacking = 2'000;    // Who has less than its share, by the same places.
constexpr std::int64_t kPlaces = 512;

struct flock bytes_at(short type, std::int64_t begin, std::int64_t length) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = begin;
  lock.l_len = length;
  return lock;
}

// Locks of the open file description and not of the process: two downloads of one process are two
// holders, and a child that inherits nothing cannot drop them.
bool set_lock(const Fd& file, short type, std::int64_t at) {
  struct flock lock = bytes_at(type, at, 1);
  return fcntl(file.get(), F_OFD_SETLK, &lock) == 0;
}

// How many of these bytes others hold.
int count_foreign(const Fd& file, std::int64_t begin, std::int64_t length) {
  int count = 0;
  const std::int64_t end = begin + length;
  while (begin < end) {
    struct flock lock = bytes_at(F_WRLCK, begin, end - begin);
    if (fcntl(file.get(), F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) break;
    const std::int64_t locked_end = lock.l_len == 0 ? end : lock.l_start + lock.l_len;
    count += static_cast<int>(std::min(locked_end, end) - std::max(lock.l_start, begin));
    begin = std::max(locked_end, begin + 1);
  }
  return count;
}

}  // namespace

int fair_goal(int wanted, int limit, int others, bool others_lack) {
  limit = std::clamp(limit, 1, kConnectionsMax);
  if (!others_lack) return std::min(wanted, limit);
  return std::min(wanted, std::max(1, limit / (others + 1)));
}

Result<ConnectionBudget> ConnectionBudget::join(const std::string& path) {
  Fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return tl::unexpected{errno_error(errno, "open", path)};
  for (std::int64_t place = 0; place < kPlaces; ++place) {
    if (set_lock(file, F_WRLCK, kDownloads + place))
      return ConnectionBudget(std::move(file), place);
    if (errno != EAGAIN && errno != EACCES) return tl::unexpected{errno_error(errno, "lock", path)};
  }
  return fail(ErrorKind::unavailable, codes::lock_held, "Too many downloads run at once.", path);
}

int ConnectionBudget::others() const {
  return count_foreign(file_, kDownloads, kPlaces);
}

bool ConnectionBudget::others_lack() const {
  return count_foreign(file_, kLacking, kPlaces) > 0;
}

void ConnectionBudget::give_back(int keep) {
  // The highest first: those beyond a limit that was lowered.
  while (!held_.empty() && held() > keep) {
    const int connection = *held_.rbegin();
    set_lock(file_, F_UNLCK, connection);
    held_.erase(connection);
  }
}

void ConnectionBudget::take(int up_to, int limit) {
  for (int connection = 0; connection < limit && held() < up_to; ++connection) {
    if (held_.contains(connection)) continue;
    if (set_lock(file_, F_WRLCK, connection)) held_.insert(connection);
  }
}

void ConnectionBudget::say_lacking(bool lacking) {
  if (lacking == lacking_) return;
  lacking_ = lacking;
  set_lock(file_, lacking ? F_WRLCK : F_UNLCK, kLacking + place_);
}

int ConnectionBudget::update(int running, int wanted, int limit) {
  limit = limit <= 0 ? kConnectionsMax : std::min(limit, kConnectionsMax);
  const int others_now = others();
  // A download that may not even have one connection would wait for ever.
  limit = std::max(limit, std::min(others_now + 1, kConnectionsMax));
  const int goal = fair_goal(wanted, limit, others_now, others_lack());
  // Those beyond a lowered limit are no longer anybody's.
  const auto beyond = static_cast<int>(std::distance(held_.lower_bound(limit), held_.end()));
  give_back(std::max(running, std::min(goal, held() - beyond)));
  take(goal, limit);
  const int share = std::min(wanted, std::max(1, limit / (others_now + 1)));
  say_lacking(held() < share);
  return std::min(held(), goal);
}

}  // namespace modelkeep::fetch
