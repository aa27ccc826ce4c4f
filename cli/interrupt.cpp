#include "cli/interrupt.h"

#include <algorithm>
#include <array>
#include <csignal>

#include <unistd.h>

namespace modelkeep::cli {
namespace {

// A handler may touch nothing that allocates or locks, so the words are laid out before a signal
// can come.
std::array<char, 1024> notice_text{};
std::size_t notice_size = 0;
int notice_fd = STDERR_FILENO;

void tell_and_end(int signal_number) {
  const ssize_t ignored = ::write(notice_fd, notice_text.data(), notice_size);
  static_cast<void>(ignored);
  ::signal(signal_number, SIG_DFL);
  ::raise(signal_number);
}

}  // namespace

InterruptNotice::InterruptNotice(const std::string& farewell, To to) {
  notice_fd = to == To::out ? STDOUT_FILENO : STDERR_FILENO;
  notice_size = std::min(farewell.size(), notice_text.size());
  std::copy_n(farewell.begin(), notice_size, notice_text.begin());
  ::signal(SIGINT, tell_and_end);
  ::signal(SIGTERM, tell_and_end);
}

InterruptNotice::~InterruptNotice() {
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
}

}  // namespace modelkeep::cli
