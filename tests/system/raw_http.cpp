#include "tests/system/raw_http.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/json.h"
#include "base/text.h"
#include "tests/system/wait_until.h"

namespace modelkeep::system_test {
namespace {

/// The body out of chunked coding; nothing while the last chunk is missing.
std::optional<std::string> unchunked(std::string_view coded) {
  std::string body;
  while (true) {
    const auto line_end = coded.find("\r\n");
    if (line_end == std::string_view::npos) return std::nullopt;
    std::size_t size = 0;
    const auto read = std::from_chars(coded.data(), coded.data() + line_end, size, 16);
    if (read.ec != std::errc{}) return std::nullopt;
    coded.remove_prefix(line_end + 2);
    if (coded.size() < size + 2) return std::nullopt;
    if (size == 0) return body;
    body.append(coded.substr(0, size));
    coded.remove_prefix(size + 2);
  }
}

/// The body when all of it has come.
std::optional<std::string> whole_body(const RawAnswer& answer, const std::string& coded) {
  if (answer.header("Transfer-Encoding") == "chunked") return unchunked(coded);
  const auto promised = parse_decimal(answer.header("Content-Length"));
  if (promised && coded.size() >= *promised) return coded.substr(0, *promised);
  return std::nullopt;
}

}  // namespace

std::string RawAnswer::header(std::string_view name) const {
  for (std::string_view line : split(head, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (equals_ignoring_case(line.substr(0, colon), name)) {
      return std::string(trim(line.substr(colon + 1)));
    }
  }
  return {};
}

std::string RawAnswer::code() const {
  const auto document = json::Document::parse(body, json::kUpstreamLimits);
  return document ? std::string(document->root()["code"].as_string().value_or("")) : "";
}

std::optional<RawConnection> RawConnection::open(int port) {
  Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<std::uint16_t>(port));
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket.get(), reinterpret_cast<sockaddr*>(&where), sizeof where) != 0) {
    return std::nullopt;
  }
  return RawConnection(std::move(socket));
}

bool RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string RawConnection::read_some(std::int64_t timeout_ms) {
  pollfd waiting{socket_.get(), POLLIN, 0};
  if (poll(&waiting, 1, static_cast<int>(timeout_ms)) <= 0) return {};
  std::array<char, 65536> chunk;
  const ssize_t got = recv(socket_.get(), chunk.data(), chunk.size(), 0);
  return got > 0 ? std::string(chunk.data(), static_cast<std::size_t>(got)) : std::string();
}

void RawConnection::close_write() {
  shutdown(socket_.get(), SHUT_WR);
}

void RawConnection::reset() {
  const linger at_once{1, 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_.reset();
}

RawAnswer RawConnection::read_answer(std::int64_t timeout_ms) {
  const Stopwatch watch;
  RawAnswer answer;
  std::string all;
  std::size_t head_end = std::string::npos;
  while (!answer.whole && watch.ms() < timeout_ms) {
    const std::string more = read_some(timeout_ms - watch.ms());
    if (more.empty()) break;
    all += more;
    if (head_end == std::string::npos) head_end = all.find("\r\n\r\n");
    if (head_end == std::string::npos) continue;
    answer.head = all.substr(0, head_end);
    answer.body = all.substr(head_end + 4);
    if (auto body = whole_body(answer, answer.body)) {
      answer.body = std::move(*body);
      answer.whole = true;
    }
  }
  if (answer.head.starts_with("HTTP/1.") && answer.head.size() > 12) {
    std::from_chars(answer.head.data() + 9, answer.head.data() + 12, answer.status);
  }
  return answer;
}

RawAnswer exchange(int port, std::string_view request, std::int64_t timeout_ms) {
  auto connection = RawConnection::open(port);
  if (!connection) return {};
  // A server may refuse and close before it has read everything; its answer is there all the same.
  connection->send(request);
  return connection->read_answer(timeout_ms);
}

std::string plain_request(std::string_view method, std::string_view target,
                          std::string_view header_lines, std::string_view body) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  text.append("Connection: close\r\n").append(header_lines);
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text.append("\r\n").append(body);
}

}  // namespace modelkeep::system_test
