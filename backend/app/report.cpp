#include "app/report.h"

#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace modelkeep::app {

Report::Report(int fd) : fd_(fd) {
  if (fd_) fcntl(fd_.get(), F_SETFD, FD_CLOEXEC);
}

void Report::ready() const {
  write("ready");
}

void Report::failed(const Error& error) const {
  write(error.message + " (" + std::string(error.code) + ")");
}

void Report::write(std::string_view text) const {
  // Lost words are no reason to fail: the log has them too.
  if (fd_ && ftruncate(fd_.get(), 0) == 0 && pwrite(fd_.get(), text.data(), text.size(), 0) < 0)
    return;
}

}  // namespace modelkeep::app
