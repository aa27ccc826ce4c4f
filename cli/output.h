#pragma once
// The two places where words go: data to stdout, talk to stderr. Each knows whether a person is
// watching, and remembers when writing failed, so that a closed stdout ends in an exit status and
// not in silence.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace modelkeep::cli {

using Environment = std::function<std::optional<std::string>(const char*)>;

enum class Style : std::uint8_t { plain, bold, dim, good, warn, bad };

/// What the other end of a descriptor can show.
struct Screen {
  bool terminal = false;  ///< Bars, questions, redrawn lines.
  bool colour = false;
  bool utf8 = false;
  int columns = 80;
  int rows = 24;
};

/// NO_COLOR and TERM=dumb switch colours off; COLUMNS stands in where the terminal does not tell
/// its size.
Screen screen_of(int fd, const Environment& environment);

class Output {
 public:
  /// The descriptor is borrowed.
  Output(int fd, Screen screen) : fd_(fd), screen_(screen) {}

  /// Writes all of it, or nothing more once a write has failed.
  void write(std::string_view text);
  void line(std::string_view text);

  /// The text in a colour where colours are wanted.
  std::string painted(Style style, std::string_view text) const;

  /// Takes the size of the screen anew: people resize their windows.
  void measure(const Environment& environment);

  const Screen& screen() const { return screen_; }
  /// errno of the first write that failed, 0 while all went out.
  int failure() const { return failure_; }

 private:
  int fd_;
  Screen screen_;
  int failure_ = 0;
};

}  // namespace modelkeep::cli
