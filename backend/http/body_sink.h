#pragma once
// Where the bytes of a body go that is sent piece by piece out of a file: FastCGI records, filled
// by sendfile, so no byte passes through this process. Of one request; one thread.
#include <cstddef>
#include <cstdint>
#include <optional>

namespace modelkeep::http {

class BodySink {
 public:
  /// The connection is nginx's and stays the caller's. From here on its sends give up after a
  /// moment.
  BodySink(int connection, int request_id);

  /// Sends some of these bytes, which are there; what follows is asked for from where it stopped. 0
  /// when the other side takes nothing for a moment, nothing when it has gone or the file is
  /// shorter.
  std::optional<std::size_t> send(int file, std::uint64_t offset, std::size_t bytes);

  /// The other side still wants the answer.
  bool is_open() const;

 private:
  bool begin_record(std::size_t bytes);

  int connection_;
  int request_id_;
  std::size_t left_in_record_ = 0;
};

}  // namespace modelkeep::http
