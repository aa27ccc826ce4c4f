#pragma once
// HTTP by hand, for what no client would send: bytes go out as they are, the answer is cut into
// status, head and body.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/fd.h"

namespace modelkeep::system_test {

struct RawAnswer {
  int status = 0;  ///< 0: the connection ended, or nothing came, before a status line.
  std::string head;
  std::string body;
  bool whole = false;  ///< All that the length or the chunks promised.
  std::string header(std::string_view name) const;
  /// The member "code" of a JSON body.
  std::string code() const;
};

/// An open connection to the service on loopback.
class RawConnection {
 public:
  static std::optional<RawConnection> open(int port);

  /// False when the other side has closed.
  bool send(std::string_view bytes);
  RawAnswer read_answer(std::int64_t timeout_ms = 10'000);
  /// Whatever is there; empty at the end or after the timeout.
  std::string read_some(std::int64_t timeout_ms);
  void close_write();
  /// RST instead of FIN.
  void reset();
  int fd() const { return socket_.get(); }

 private:
  explicit RawConnection(Fd socket) : socket_(std::move(socket)) {}
  Fd socket_;
};

/// One connection, one request, one answer.
RawAnswer exchange(int port, std::string_view request, std::int64_t timeout_ms = 10'000);

/// "GET <target> HTTP/1.1" with Host, Connection: close and further header lines, each ending in
/// CRLF.
std::string plain_request(std::string_view method, std::string_view target,
                          std::string_view header_lines = {}, std::string_view body = {});

}  // namespace modelkeep::system_test
