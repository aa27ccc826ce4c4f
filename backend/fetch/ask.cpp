#include "fetch/ask.h"

#include <algorithm>
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
// Longer than a fetcher gives upstream, so that its own sentence arrives.
constexpr int kPreviewTimeoutMs = 30'000;
constexpr std::size_t kAnswerBytesMax = 64u << 20;
constexpr json::Limits kAnswerLimits{kAnswerBytesMax, 64, 8'000'000, kAnswerBytesMax, true};

// What a fetcher's refusal may be called: a code is a constant, and the text of a socket is none.
constexpr std::array kRefusals = {
    codes::upstream_auth_required, codes::upstream_changed,
    codes::upstream_disabled,      codes::upstream_dns_failed,
    codes::upstream_gated,         codes::upstream_invalid,
    codes::upstream_not_found,     codes::upstream_manifest_rejected,
    codes::upstream_path_rejected, codes::upstream_rate_limited,
    codes::upstream_tls_failed,    codes::upstream_redirect_refused,
    codes::upstream_token_invalid, codes::upstream_unavailable,
    codes::revision_not_found,     codes::nothing_to_fetch,
    codes::database_unavailable,   codes::database_damaged,
    codes::setting_invalid,        codes::storage_missing,
    codes::fetcher_unavailable,    codes::upstream_encoding_refused,
};

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
  std::vector<char> chunk(std::size_t{64} << 10);
  while (line.size() < kAnswerBytesMax) {
    const std::int64_t left_ms = deadline_ms - system_clock().mono_ms();
    pollfd wait{connection.get(), POLLIN, 0};
    if (left_ms <= 0 || poll(&wait, 1, static_cast<int>(left_ms)) <= 0)
      return no_fetcher("no answer in time");
    const ssize_t got = recv(connection.get(), chunk.data(), chunk.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) return no_fetcher("the fetcher hung up");
    line.append(chunk.data(), static_cast<std::size_t>(got));
    if (line.back() == '\n') return line;
  }
  return no_fetcher("the answer is too long");
}

Result<std::string> ask(const std::string& socket_path, const std::string& question,
                        int timeout_ms) {
  const Fd connection = TRY(connect_to(socket_path));
  const std::string line = question + "\n";
  if (send(connection.get(), line.data(), line.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(line.size())) {
    return no_fetcher("the question could not be sent");
  }
  return read_line(connection, timeout_ms);
}

Result<> order(const std::string& socket_path, std::string_view operation, int timeout_ms) {
  json::Writer out;
  out.begin_object().member("op", operation).end_object();
  const std::string answer = TRY(ask(socket_path, out.take(), timeout_ms));
  const auto document = json::Document::parse(answer, kAnswerLimits);
  if (!document || document->root()["ok"].as_bool() != true)
    return no_fetcher("refused: " + answer);
  return {};
}

/// A fetcher's refusal as the error that it was.
tl::unexpected<Error> refusal_of(json::Value answer) {
  const auto text = answer["code"].as_string().value_or("");
  const auto* const known = std::find(kRefusals.begin(), kRefusals.end(), text);
  if (known == kRefusals.end()) {
    return fail(ErrorKind::internal, codes::internal_error, "Something went wrong here.",
                "a fetcher refused with " + std::string(text));
  }
  const auto kind = answer["kind"].as_uint().value_or(static_cast<unsigned>(ErrorKind::internal));
  return fail(static_cast<ErrorKind>(
                  std::min<std::uint64_t>(kind, static_cast<std::uint64_t>(ErrorKind::internal))),
              *known, std::string(answer["error"].as_string().value_or("")),
              std::string(answer["cause"].as_string().value_or("")));
}

}  // namespace

Result<> ask_to_wake(const std::string& socket_path) {
  return order(socket_path, "wake", kWakeTimeoutMs);
}

Result<> ask_to_remove(const std::string& socket_path, int timeout_ms) {
  return order(socket_path, "remove_pending", timeout_ms);
}

Result<> ask_to_look_up(const std::string& socket_path, const std::string& repo,
                        const std::string& revision, int timeout_ms) {
  json::Writer out;
  out.begin_object().member("op", "look_up").member("repo", repo).member("revision", revision);
  const std::string answer = TRY(ask(socket_path, out.end_object().take(), timeout_ms));
  const auto document = json::Document::parse(answer, kAnswerLimits);
  if (!document) return no_fetcher("the answer is not JSON");
  if (document->root()["ok"].as_bool() != true) return refusal_of(document->root());
  return {};
}

Result<std::string> ask_for_preview(const std::string& socket_path,
                                    const PreviewQuestion& question) {
  json::Writer out;
  out.begin_object()
      .member("op", "preview")
      .member("model_name", question.model_name)
      .member("revision", question.revision)
      .member("allow_patterns", question.allow_patterns)
      .member("ignore_patterns", question.ignore_patterns)
      .end_object();
  auto answered = ask(socket_path, out.take(), kPreviewTimeoutMs);
  if (!answered) {
    answered.error().message = "No fetcher answers at the moment; try again.";
    return answered;
  }
  const std::string answer = *std::move(answered);
  const auto document = json::Document::parse(answer, kAnswerLimits);
  if (!document) return no_fetcher("the answer is not JSON");
  const json::Value root = document->root();
  if (root["ok"].as_bool() != true) return refusal_of(root);
  return std::string(root["preview"].as_string().value_or("{}"));
}

}  // namespace modelkeep::fetch
