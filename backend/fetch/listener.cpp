#include "fetch/listener.h"

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/error_codes.h"
#include "base/json.h"
#include "base/log.h"
#include "fetch/errands.h"

namespace modelkeep::fetch {
namespace {

constexpr int kAcceptWaitMs = 200;
constexpr int kQuestionTimeoutMs = 2'000;
constexpr int kAnswerTimeoutMs = 5'000;
// A body of 64 KiB, escaped once more.
constexpr std::size_t kQuestionBytesMax = 256 * 1024;
// Each may wait for upstream; more at once would only make upstream slower.
constexpr std::size_t kPreviewsMax = 8;
// Most of these wait for one another, and find the answer there.
constexpr std::size_t kLooksMax = 64;
constexpr json::Limits kQuestionLimits{kQuestionBytesMax};

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

// A worker that did not wait for the answer has its work done all the same.
void send_line(const Fd& connection, std::string line) {
  line += '\n';
  const std::int64_t deadline_ms = system_clock().mono_ms() + kAnswerTimeoutMs;
  std::string_view rest = line;
  while (!rest.empty()) {
    pollfd wait{connection.get(), POLLOUT, 0};
    const std::int64_t left_ms = deadline_ms - system_clock().mono_ms();
    if (left_ms <= 0 || poll(&wait, 1, static_cast<int>(left_ms)) <= 0) return;
    const ssize_t sent = send(connection.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (sent <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string refusal(const Error& error) {
  json::Writer out;
  return out.begin_object()
      .member("ok", false)
      .member("kind", static_cast<unsigned>(error.kind))
      .member("code", error.code)
      .member("error", error.message)
      .member("cause", error.cause)
      .end_object()
      .take();
}

std::string refusal(std::string_view error) {
  json::Writer out;
  return out.begin_object().member("ok", false).member("error", error).end_object().take();
}

std::string removed_answer(const Answers& answers) {
  const auto removed = answers.remove_pending();
  if (!removed) {
    log::failure("removal.failed", removed.error());
    return refusal(removed.error());
  }
  json::Writer out;
  return out.begin_object().member("ok", true).member("removed", *removed).end_object().take();
}

PreviewQuestion question_of(json::Value asked) {
  PreviewQuestion question;
  question.model_name = asked["model_name"].as_string().value_or("");
  question.revision = asked["revision"].as_string().value_or("main");
  const auto read = [](json::Value list, std::vector<std::string>& into) {
    for (std::size_t i = 0; list.is_array() && i < list.size(); ++i)
      into.emplace_back(list[i].as_string().value_or(""));
  };
  read(asked["allow_patterns"], question.allow_patterns);
  read(asked["ignore_patterns"], question.ignore_patterns);
  return question;
}

std::string preview_answer(const Answers& answers, const PreviewQuestion& question) {
  const auto preview = answers.preview(question);
  if (!preview) return refusal(preview.error());
  json::Writer out;
  return out.begin_object().member("ok", true).member("preview", *preview).end_object().take();
}

std::string look_up_answer(const Answers& answers, const std::string& repo,
                           const std::string& revision) {
  const auto looked = answers.look_up(repo, revision);
  return looked ? R"({"ok":true})" : refusal(looked.error());
}

/// Answers on a thread of its own.
void serve_beside(Fd connection, Errands& errands, std::function<std::string()> answer) {
  // Shared because std::function copies; the errand is its one user.
  const auto shared = std::make_shared<Fd>(std::move(connection));
  const bool started =
      errands.start([shared, work = std::move(answer)] { send_line(*shared, work()); });
  if (started) return;
  send_line(*shared, refusal({ErrorKind::unavailable,
                              codes::fetcher_unavailable,
                              "Too much is asked of upstream at once; try again in a moment.",
                              {}}));
}

/// Questions that wait for upstream: a person's, and those of clients at the hub door.
struct Beside {
  Errands previews{kPreviewsMax};
  Errands looks{kLooksMax};
};

void serve(Fd connection, const Answers& answers, Beside& beside) {
  const auto line = read_question(connection);
  if (!line) return;
  const auto document = json::Document::parse(*line, kQuestionLimits);
  if (!document) return send_line(connection, refusal("not JSON"));
  const json::Value asked = document->root();
  const auto operation = asked["op"].as_string().value_or("");
  if (operation == "wake") {
    answers.wake();
    return send_line(connection, R"({"ok":true})");
  }
  if (operation == "remove_pending") return send_line(connection, removed_answer(answers));
  if (operation == "look_up" && answers.look_up) {
    return serve_beside(std::move(connection), beside.looks,
                        [&answers, repo = std::string(asked["repo"].as_string().value_or("")),
                         revision = std::string(asked["revision"].as_string().value_or(""))] {
                          return look_up_answer(answers, repo, revision);
                        });
  }
  if (operation != "preview") return send_line(connection, refusal("unknown op"));
  serve_beside(std::move(connection), beside.previews, [&answers, question = question_of(asked)] {
    return preview_answer(answers, question);
  });
}

}  // namespace

void listen_for_questions(const Fd& listener, const Answers& answers, std::stop_token stop) {
  // All fetchers poll one socket; whoever comes second to a connection must not block in accept.
  fcntl(listener.get(), F_SETFL, fcntl(listener.get(), F_GETFL) | O_NONBLOCK);
  Beside beside;
  while (!stop.stop_requested()) {
    pollfd wait{listener.get(), POLLIN, 0};
    if (poll(&wait, 1, kAcceptWaitMs) <= 0) continue;
    Fd connection(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (connection) serve(std::move(connection), answers, beside);
  }
}

}  // namespace modelkeep::fetch
