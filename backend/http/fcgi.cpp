#include "http/fcgi.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <fcgiapp.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "http/acceptor.h"
#include "http/fcgi_request.h"
#include "http/problem.h"

namespace modelkeep::http {
namespace {

constexpr std::size_t kBufferBytesKept =
    256 * 1024;  // A thread gives back what one long list took.
constexpr std::size_t kDrainedBytesMax = 1024 * 1024;

/// The connection on which a thread waits for a request; -1 while it works or has none.
struct Slot {
  std::atomic<int> idle_fd{-1};
};

// libfcgi blocks in read() on a kept connection and sees no flag there. Shutting the reading side
// wakes it, and a request that had already arrived is still read and answered.
void wake(const Slot& slot) {
  const int fd = slot.idle_fd.load();
  if (fd >= 0) shutdown(fd, SHUT_RD);
}

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

/// One thread's side of libfcgi: a request at a time on a connection that stays open between them.
class Connection {
 public:
  Connection(std::size_t body_bytes_max, Slot& slot)
      : body_bytes_max_(body_bytes_max), slot_(slot) {
    // No listening socket: connections come from the Acceptor, so that a thread can be stopped
    // without signals.
    FCGX_InitRequest(&fcgx_, -1, 0);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(); }

  void adopt(Fd connection) {
    close();
    fcgx_.ipcFd = connection.release();
    // Else libfcgi would begin by closing what it takes for the rest of an unkept connection.
    fcgx_.keepConnection = 1;
  }

  /// False when the connection is over.
  bool next_request(const std::stop_token& stop) {
    slot_.idle_fd = fcgx_.ipcFd;
    if (stop.stop_requested()) wake(slot_);
    const bool arrived = FCGX_Accept_r(&fcgx_) == 0;
    slot_.idle_fd = -1;
    return arrived;
  }

  void serve_one(const Handler& handler) {
    const bool whole = read_body();
    bool sent = false;
    if (whole) {
      Request request = request_from_parameters(fcgx_.envp);
      request.body = body_;
      request.body_too_large = body_too_large_;
      const Response response = answer(handler, request);
      out_.clear();
      append_records(response, request.request_id, fcgx_.requestId, out_);
      sent = send_all(fcgx_.ipcFd, out_);
    }
    // Not FCGX_Finish_r: the records are written, and closing an unkept connection there lingers
    // for seconds.
    FCGX_Free(&fcgx_, 0);
    if (!sent || fcgx_.keepConnection == 0) close();
    give_back(body_);
    give_back(out_);
  }

 private:
  bool read_body() {
    body_.clear();
    body_too_large_ = false;
    std::array<char, 8192> chunk;
    std::size_t drained_bytes = 0;
    while (true) {
      const int count = FCGX_GetStr(chunk.data(), static_cast<int>(chunk.size()), fcgx_.in);
      if (count <= 0) break;
      const auto bytes = static_cast<std::size_t>(count);
      if (body_.size() + bytes > body_bytes_max_) body_too_large_ = true;
      if (!body_too_large_) body_.append(chunk.data(), bytes);
      drained_bytes += bytes;
      if (drained_bytes > body_bytes_max_ + kDrainedBytesMax) return false;
    }
    if (body_too_large_) body_.clear();
    return FCGX_GetError(fcgx_.in) == 0;
  }

  void close() {
    if (fcgx_.ipcFd >= 0) ::close(fcgx_.ipcFd);
    fcgx_.ipcFd = -1;
  }

  static void give_back(std::string& buffer) {
    if (buffer.capacity() > kBufferBytesKept) std::string{}.swap(buffer);
  }

  FCGX_Request fcgx_;
  std::size_t body_bytes_max_;
  Slot& slot_;
  std::string body_;
  std::string out_;
  bool body_too_large_ = false;
};

void serve_connections(Acceptor& acceptor, const Handler& handler, std::size_t body_bytes_max,
                       Slot& slot, const std::stop_token& stop, const std::stop_token& retire) {
  Connection connection{body_bytes_max, slot};
  while (!stop.stop_requested() && !retire.stop_requested()) {
    Fd accepted = acceptor.next();
    if (!accepted) return;
    connection.adopt(std::move(accepted));
    while (connection.next_request(stop)) connection.serve_one(handler);
  }
}

// Where a connection ends inside libfcgi it would wait two seconds for the peer to close as well.
void end_connections_at_once() {
  setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "0", 0);
}

Error start_failure(std::string cause) {
  return {ErrorKind::internal, codes::internal_error, "The server cannot start.", std::move(cause)};
}

}  // namespace

Result<> serve(const ServeOptions& options, const std::function<Handler()>& make_handler,
               std::stop_token stop) {
  end_connections_at_once();
  const Fd stop_event{eventfd(0, EFD_CLOEXEC)};
  const int flags = fcntl(options.listen_fd, F_GETFL);
  if (!stop_event || flags < 0 || fcntl(options.listen_fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
      FCGX_Init() != 0) {
    return tl::unexpected{start_failure(std::system_category().message(errno))};
  }
  std::vector<std::unique_ptr<Slot>> slots;
  for (int i = 0; i < options.threads; ++i) slots.push_back(std::make_unique<Slot>());
  std::vector<std::jthread> threads;
  for (const auto& slot : slots) {
    auto acceptor = Acceptor::create(options.listen_fd, stop_event.get());
    if (!acceptor) {
      log::failure("thread.failed", acceptor.error());
      break;
    }
    try {
      threads.emplace_back([&options, &make_handler, stop, &slot = *slot,
                            acceptor = std::move(*acceptor)]() mutable {
        serve_connections(acceptor, make_handler(), options.body_bytes_max, slot, stop,
                          options.retire);
      });
    } catch (const std::system_error&
                 error) {  // The process may have no more threads; those there serve on.
      log::warn("thread.failed", {{"cause", error.what()}});
      break;
    }
  }
  if (threads.empty()) return tl::unexpected{start_failure("no thread could start")};
  const auto take_no_more = [&stop_event] {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop_event.get(), &one, sizeof one);
  };
  const std::stop_callback on_retire{options.retire, take_no_more};
  const std::stop_callback on_stop{stop, [&] {
                                     take_no_more();
                                     for (const auto& slot : slots) wake(*slot);
                                   }};
  for (std::jthread& thread : threads) thread.join();
  return {};
}

}  // namespace modelkeep::http
