#include "app/unix_listener.h"

#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/files.h"

namespace modelkeep::app {
namespace {

constexpr int kBacklog = 1024;

}  // namespace

Result<Fd> listen_on_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return tl::unexpected(errno_error(ENAMETOOLONG, "bind", path));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  unlink(path.c_str());
  // Blocking on purpose: the workers' threads wait in accept() on the same open socket.
  Fd listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!listener) return tl::unexpected(errno_error(errno, "socket", path));
  if (bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      chmod(path.c_str(), 0660) != 0 || listen(listener.get(), kBacklog) != 0) {
    return tl::unexpected(errno_error(errno, "listen", path));
  }
  return listener;
}

void turn_away_waiting(const Fd& listener) {
  pollfd waiting{listener.get(), POLLIN, 0};
  while (poll(&waiting, 1, 0) == 1 && (waiting.revents & POLLIN) != 0) {
    const Fd refused(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!refused) return;
  }
}

}  // namespace modelkeep::app
