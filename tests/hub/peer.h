#pragma once
// One connection from the inside: bytes in, bytes out, and waits that end when the other side
// leaves or the hub stops. Owned by the thread that serves it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/fd.h"

namespace modelkeep::standin {

class Peer {
 public:
  /// `stop_fd` becomes readable when the hub stops; borrowed.
  Peer(Fd socket, int stop_fd);

  /// Waits for more and appends it; false when there will be none.
  bool read_some(std::string& buffer);
  /// All or false.
  bool write_all(std::string_view bytes);
  /// From a file, without copying through this process; how many bytes went out.
  std::size_t send_file(int file_fd, std::uint64_t offset, std::size_t size_bytes);
  /// False when the other side left or the hub stops meanwhile.
  bool wait_ms(std::int64_t duration_ms);
  /// Waits until it leaves, or the hub stops.
  void wait_for_the_end();
  /// RST instead of FIN, after what was written has arrived.
  void reset();

 private:
  bool wait_until_writable();
  bool is_stopping() const;

  Fd socket_;
  int stop_fd_;
};

}  // namespace modelkeep::standin
