#include "http/body_sink.h"

#include <algorithm>
#include <cerrno>
#include <string>

#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "http/fcgi_request.h"

namespace modelkeep::http {
namespace {

constexpr timeval kSendTimeout{.tv_sec = 0, .tv_usec = 200'000};

bool is_passing(int error_number) {
  return error_number == EAGAIN || error_number == EINTR;
}

}  // namespace

BodySink::BodySink(int connection, int request_id)
    : connection_(connection), request_id_(request_id) {
  // Where this fails, a reader that takes nothing is noticed when nginx gives it up.
  setsockopt(connection_, SOL_SOCKET, SO_SNDTIMEO, &kSendTimeout, sizeof kSendTimeout);
}

bool BodySink::begin_record(std::size_t bytes) {
  std::string header;
  append_body_record_header(request_id_, bytes, header);
  // All of it or nothing: a stream socket takes eight bytes at once where it takes any.
  const ssize_t sent = ::send(connection_, header.data(), header.size(), MSG_NOSIGNAL | MSG_MORE);
  if (sent == static_cast<ssize_t>(header.size())) {
    left_in_record_ = bytes;
    return true;
  }
  if (sent >= 0) errno = EIO;
  return false;
}

std::optional<std::size_t> BodySink::send(int file, std::uint64_t offset, std::size_t bytes) {
  std::size_t sent = 0;
  while (sent < bytes) {
    if (left_in_record_ == 0 && !begin_record(std::min(bytes - sent, kBodyRecordBytesMax)))
      return is_passing(errno) ? std::optional(sent) : std::nullopt;
    auto from = static_cast<off_t>(offset + sent);
    const ssize_t count =
        ::sendfile(connection_, file, &from, std::min(left_in_record_, bytes - sent));
    if (count == 0) return std::nullopt;
    if (count < 0) return is_passing(errno) ? std::optional(sent) : std::nullopt;
    left_in_record_ -= static_cast<std::size_t>(count);
    sent += static_cast<std::size_t>(count);
  }
  return sent;
}

bool BodySink::is_open() const {
  pollfd look{connection_, POLLRDHUP, 0};
  return ::poll(&look, 1, 0) == 0;
}

}  // namespace modelkeep::http
