#include "http/connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>

#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "http/body_sink.h"
#include "http/fcgi_request.h"
#include "http/problem.h"

namespace modelkeep::http {
namespace {

// A thread gives back what one long list took.
constexpr std::size_t kBufferBytesKept = 256 * 1024;
constexpr std::size_t kDrainedBytesMax = 1024 * 1024;
constexpr std::size_t kDrainedAsItComesMax = 16 * 1024 * 1024;
constexpr std::size_t kReadAtOnceMax = 1 << 30;
constexpr std::string_view kAsItComes = "as-it-comes";

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

Response answer(const Handler& handler, const Request& request) {
  Error error{ErrorKind::internal, codes::internal_error, "The server failed on this request.", {}};
  try {
    return handler(request);
  } catch (const std::exception& exception) {
    error.cause = exception.what();
  } catch (...) {
    error.cause = "unknown exception";
  }
  log::failure("request.failed", error, {{"request_id", request.request_id}});
  return problem(error, request.request_id);
}

void give_back(std::string& buffer) {
  if (buffer.capacity() > kBufferBytesKept) std::string{}.swap(buffer);
}

}  // namespace

Connection::Connection(Fd accepted) {
  // No listening socket: who accepts are the Arrivals, so that a thread can be stopped without
  // signals.
  FCGX_InitRequest(&fcgx_, -1, 0);
  fcgx_.ipcFd = accepted.release();
  // Else libfcgi would begin by closing what it takes for the rest of an unkept connection.
  fcgx_.keepConnection = 1;
}

Connection::~Connection() {
  if (fcgx_.ipcFd >= 0) ::close(fcgx_.ipcFd);
}

// Shutting the reading side wakes who waits, and leaves what has arrived to be read.
void Connection::end_waiting() {
  if (waiting_) shutdown(fcgx_.ipcFd, SHUT_RD);
}

bool Connection::serve_one(const Handler& handler, std::size_t body_bytes_max, Buffers& buffers) {
  if (FCGX_Accept_r(&fcgx_) != 0) return false;
  bool too_large = false;
  bool sent = false;
  Request request = request_from_parameters(fcgx_.envp);
  const bool as_it_comes = request.passes_body == kAsItComes;
  if (as_it_comes || read_body(body_bytes_max, buffers.body, too_large)) {
    if (!as_it_comes) request.body = buffers.body;
    request.body_too_large = too_large;
    const Response response =
        as_it_comes ? answer_as_it_comes(handler, request) : answer(handler, request);
    sent = send(response, request.request_id, buffers.out);
  }
  // Not FCGX_Finish_r: the records are written, and closing an unkept connection there lingers for
  // seconds.
  FCGX_Free(&fcgx_, 0);
  give_back(buffers.body);
  give_back(buffers.out);
  return sent && fcgx_.keepConnection != 0;
}

/// What the handler left of the body is read as far as that is cheap: a client that still sends
/// would see its connection break instead of the answer.
Response Connection::answer_as_it_comes(const Handler& handler, Request& request) {
  const std::function<std::ptrdiff_t(std::span<char>)> more = [this](std::span<char> into) {
    const int room = static_cast<int>(std::min<std::size_t>(into.size(), kReadAtOnceMax));
    const int count = FCGX_GetStr(into.data(), room, fcgx_.in);
    return static_cast<std::ptrdiff_t>(count <= 0 && FCGX_GetError(fcgx_.in) != 0 ? -1 : count);
  };
  request.more_body = &more;
  Response response = answer(handler, request);
  std::array<char, 8192> rest;
  for (std::size_t drained = 0; drained < kDrainedAsItComesMax;) {
    const auto count = more(rest);
    if (count <= 0) break;
    drained += static_cast<std::size_t>(count);
  }
  request.more_body = nullptr;
  return response;
}

bool Connection::send(const Response& response, std::string_view request_id, std::string& out) {
  out.clear();
  if (!response.send_body) {
    append_records(response, request_id, fcgx_.requestId, out);
    return send_all(fcgx_.ipcFd, out);
  }
  append_head(response, request_id, fcgx_.requestId, out);
  if (!send_all(fcgx_.ipcFd, out)) return false;
  // A body may last for hours: what it does not need is given back.
  std::string{}.swap(out);
  BodySink sink(fcgx_.ipcFd, fcgx_.requestId);
  if (!response.send_body(sink)) return false;
  append_end(fcgx_.requestId, out);
  return send_all(fcgx_.ipcFd, out);
}

bool Connection::read_body(std::size_t body_bytes_max, std::string& body, bool& too_large) {
  body.clear();
  std::array<char, 8192> chunk;
  std::size_t drained_bytes = 0;
  while (true) {
    const int count = FCGX_GetStr(chunk.data(), static_cast<int>(chunk.size()), fcgx_.in);
    if (count <= 0) break;
    const auto bytes = static_cast<std::size_t>(count);
    if (body.size() + bytes > body_bytes_max) too_large = true;
    if (!too_large) body.append(chunk.data(), bytes);
    drained_bytes += bytes;
    if (drained_bytes > body_bytes_max + kDrainedBytesMax) return false;
  }
  if (too_large) body.clear();
  return FCGX_GetError(fcgx_.in) == 0;
}

}  // namespace modelkeep::http
