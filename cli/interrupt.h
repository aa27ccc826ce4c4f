#pragma once
// Ctrl-C while we wait: the server's work goes on, and the person is told so before we end.
#include <string>

namespace modelkeep::cli {

/// While it lives, SIGINT and SIGTERM first write `farewell` and then end the process as they
/// always do, at whatever call it is. One at a time.
class InterruptNotice {
 public:
  enum class To : bool { talk, out };  ///< stderr, or where a drawing stands.
  explicit InterruptNotice(const std::string& farewell, To to = To::talk);
  InterruptNotice(const InterruptNotice&) = delete;
  InterruptNotice& operator=(const InterruptNotice&) = delete;
  ~InterruptNotice();
};

}  // namespace modelkeep::cli
