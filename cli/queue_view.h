#pragma once
// The queue as people see it: a table for once, a frame that is drawn over again and again on a
// terminal, a line for each change in a log.
#include <map>
#include <string>
#include <vector>

#include "cli/output.h"
#include "cli/wire.h"

namespace modelkeep::cli {

std::string queue_table(const std::vector<Download>& downloads, const Output& out);

/// What one line above all others says: the server, or that it does not answer.
struct QueueHead {
  std::string text;
  bool trouble = false;
};

/// Two lines for each download, at most as many as the screen has room for, none wider than it.
std::vector<std::string> queue_frame(const QueueHead& head, const std::vector<Download>& downloads,
                                     const Output& out);

class QueueView {
 public:
  explicit QueueView(Output& out) : out_(out) {}

  void show(const QueueHead& head, const std::vector<Download>& downloads, std::int64_t mono_ms);

  /// What brings the terminal back to how it was found; for whoever ends the process. Empty off a
  /// terminal.
  std::string farewell() const;

 private:
  void draw(const QueueHead& head, const std::vector<Download>& downloads);
  void tell_changes(const QueueHead& head, const std::vector<Download>& downloads,
                    std::int64_t mono_ms);

  struct Told {
    std::string status;
    std::int64_t at_ms = 0;
    std::string name;
  };
  Output& out_;
  std::size_t drawn_lines_ = 0;
  bool trouble_told_ = false;
  std::map<std::int64_t, Told> told_;
};

}  // namespace modelkeep::cli
