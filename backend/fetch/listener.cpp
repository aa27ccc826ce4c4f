#include "fetch/listener.h"

#include <array>
#include <cerrno>
#include <optional>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"

namespace modelkeep::fetch {
namespace {

constexpr int kAcceptWaitMs = 200;
constexpr int kQuestionTimeoutMs = 2'000;
constexpr std::size_t kQuestionBytesMax = 64 * 1024;

std::optional<std::string> read_question(const Fd& connection) {
  const std::int64_t deadline_ms = system_clock().mono_ms() + kQuestionTimeoutMs;
  std::string line;
  std::array<char, 4096> chunk{};
  while (line.find('\n') == std::string::npos) {
    const std::int64_t left_ms = deadline_ms - system_clock().mono_ms();
    pollfd wait{connection.get(), POLLIN, 0};
    if (left_ms <= 0 || line.size() > kQuestionBytesMax ||
        poll(&wait, 1, static_cast<int>(left_ms)) <= 0) {
      return std::nullopt;
    }
    const ssize_t got = recv(connection.get(), chunk.data(), chunk.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) return std::nullopt;
    line.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return line;
}

std::string answer_to(const std::string& question, const Answers& answers) {
  json::Writer out;
  const auto refused = [&](std::string_view error) {
    return out.begin_object().member("ok", false).member("error", error).end_object().take();
  };
  const auto document = json::Document::parse(question);
  if (!document) return refused("not JSON");
  const auto operation = document->root()["op"].as_string().value_or("");
  if (operation == "wake") {
    answers.wake();
    return out.begin_object().member("ok", true).end_object().take();
  }
  if (operation != "remove_pending") return refused("unknown op");
  const auto removed = answers.remove_pending();
  if (!removed) {
    log::failure("removal.failed", removed.error());
    return refused(removed.error().code);
  }
  return out.begin_object().member("ok", true).member("removed", *removed).end_object().take();
}

void serve(const Fd& connection, const Answers& answers) {
  const auto question = read_question(connection);
  if (!question) return;
  const std::string line = answer_to(*question, answers) + "\n";
  // A worker that did not wait for the answer has its work done all the same.
  static_cast<void>(send(connection.get(), line.data(), line.size(), MSG_NOSIGNAL));
}

}  // namespace

void listen_for_questions(const Fd& listener, const Answers& answers, std::stop_token stop) {
  // All fetchers poll one socket; whoever comes second to a connection must not block in accept.
  fcntl(listener.get(), F_SETFL, fcntl(listener.get(), F_GETFL) | O_NONBLOCK);
  while (!stop.stop_requested()) {
    pollfd wait{listener.get(), POLLIN, 0};
    if (poll(&wait, 1, kAcceptWaitMs) <= 0) continue;
    const Fd connection(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (connection) serve(connection, answers);
  }
}

}  // namespace modelkeep::fetch
