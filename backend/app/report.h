#pragma once
// How a child tells the master that it is ready, or why it could not start: text in a file that
// both have open.
#include <string_view>

#include "base/fd.h"
#include "base/result.h"

namespace modelkeep::app {

class Report {
 public:
  /// A negative number means that nobody listens.
  explicit Report(int fd = -1);

  void ready() const;
  void failed(const Error& error) const;

 private:
  void write(std::string_view text) const;
  Fd fd_;
};

}  // namespace modelkeep::app
