#pragma once
// A download as it goes on: one line that is drawn over on a terminal, a line now and then in a
// log.
#include <cstdint>
#include <string>
#include <vector>

#include "cli/output.h"
#include "cli/wire.h"

namespace modelkeep::cli {

/// "[#####.....]  42%  131.2 MB of 312.4 MB  45.1 MB/s  4 s left", or what it waits for. Fits the
/// screen; no newline.
std::string progress_text(const Download& download, const Screen& screen);

/// One line per file that moves, then those that wait, at most `lines_max`, the last one telling
/// what was left out.
std::vector<std::string> file_lines(const Download& download, const Screen& screen,
                                    std::size_t lines_max);

/// Why a queued download does not run, in words; "queued" when the server gave no reason.
std::string waiting_text(const Download& download);

class ProgressView {
 public:
  ProgressView(Output& talk, bool per_file) : talk_(talk), per_file_(per_file) {}

  /// Draws over what it drew before; off a terminal it prints on a change of status and every ten
  /// seconds.
  void show(const Download& download, std::int64_t mono_ms);
  /// Takes the drawing away, so that the next line starts on a clean screen.
  void clear();

 private:
  void draw(const Download& download);
  void print_now_and_then(const Download& download, std::int64_t mono_ms);

  Output& talk_;
  bool per_file_;
  int drawn_lines_ = 0;
  std::string last_status_;
  std::int64_t last_printed_ms_ = 0;
  std::vector<std::string> files_told_;
};

}  // namespace modelkeep::cli
