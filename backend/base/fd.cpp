#include "base/fd.h"

#include <unistd.h>

namespace modelkeep {

void Fd::reset() {
  // After EINTR Linux has closed the descriptor already; trying again could close a stranger's.
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace modelkeep
