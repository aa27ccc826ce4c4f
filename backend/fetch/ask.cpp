#include "fetch/ask.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/clock.h"
#include "base/error_codes.h"
#include "base/fd.h"
#include "base/json.h"

namespace modelkeep::fetch {
namespace {

constexpr int kWakeTimeoutMs = 200;
constexpr std::size_t kAnswerBytesMax = 64 * 1024;

auto no_fetcher(std::string cause) {
  return fail(ErrorKind::unavailable, codes::fetcher_unavailable,
              "No fetcher answers. The work is noted and done as soon as one runs.",
              std::move(cause));
}

Result<Fd> connect_to(const std::string& socket_path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof address.sun_path)
    return no_fetcher("the socket's path is too long");
  std::memcpy(address.sun_path, socket_path.c_str(), socket_path.size() + 1);
  Fd connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!connection) return no_fetcher(std::strerror(errno));
  if (connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return no_fetcher(std::strerror(errno));
  }
  return connection;
}

Result<std::string> read_line(const Fd& connection, int timeout_ms) {
  const std::int64_t deadline_ms = system_clock().mono_ms() + timeout_ms;
  std::string line;
  std::array<char, 4096> chunk{};
  while (line.find('\n') == std::string::npos && line.size() < kAnswerBytesMax) {
    const std::int64_t left_ms = deadline_ms - system_clock().mono_ms();
    pollfd wait{connection.get(), POLLIN, 0};
    if (left_ms <= 0 || poll(&wait, 1, static_cast<int>(left_ms)) <= 0)
      return no_fetcher("no answer in time");
    const ssize_t got = recv(connection.get(), chunk.data(), chunk.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) return no_fetcher("the fetcher hung up");
    line.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return line;
}

Result<> ask(const std::string& socket_path, std::string_view operation, int timeout_ms) {
  const Fd connection = TRY(connect_to(socket_path));
  json::Writer out;
  out.begin_object().member("op", operation).end_object();
  const std::string line = out.take() + "\n";
  if (send(connection.get(), line.data(), line.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(line.size())) {
    return no_fetcher("the question could not be sent");
  }
  const std::string answer = TRY(read_line(connection, timeout_ms));
  const auto document = json::Document::parse(answer);
  if (!document || document->root()["ok"].as_bool() != true)
    return no_fetcher("refused: " + answer);
  return {};
}

}  // namespace

Result<> ask_to_wake(const std::string& socket_path) {
  return ask(socket_path, "wake", kWakeTimeoutMs);
}

Result<> ask_to_remove(const std::string& socket_path, int timeout_ms) {
  return ask(socket_path, "remove_pending", timeout_ms);
}

}  // namespace modelkeep::fetch
