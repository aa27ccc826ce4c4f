#include "cli/output.h"

#include <array>
#include <cerrno>

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"

namespace modelkeep::cli {
namespace {

constexpr int kNarrowest = 20;
constexpr int kWidest = 1000;

bool speaks_utf8(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::optional<std::string> value = environment(name);
    if (!value || value->empty()) continue;
    const std::string lower = lower_ascii(*value);
    return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
  }
  return false;
}

void measure(int fd, const Environment& environment, Screen& screen) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    screen.columns = size.ws_col;
    if (size.ws_row > 0) screen.rows = size.ws_row;
  } else if (const auto columns = parse_decimal(environment("COLUMNS").value_or(""))) {
    screen.columns = *columns > kWidest ? kWidest : static_cast<int>(*columns);
  }
  if (screen.columns < kNarrowest) screen.columns = kNarrowest;
}

std::string_view start_of(Style style) {
  switch (style) {
    case Style::plain:
      return "";
    case Style::bold:
      return "\x1b[1m";
    case Style::dim:
      return "\x1b[2m";
    case Style::good:
      return "\x1b[32m";
    case Style::warn:
      return "\x1b[33m";
    case Style::bad:
      return "\x1b[31m";
  }
  return "";
}

}  // namespace

Screen screen_of(int fd, const Environment& environment) {
  Screen screen;
  const std::string term = environment("TERM").value_or("");
  screen.terminal = isatty(fd) == 1 && term != "dumb";
  screen.utf8 = speaks_utf8(environment);
  screen.colour = screen.terminal && environment("NO_COLOR").value_or("").empty();
  if (screen.terminal) measure(fd, environment, screen);
  return screen;
}

void Output::measure(const Environment& environment) {
  if (screen_.terminal) cli::measure(fd_, environment, screen_);
}

void Output::write(std::string_view text) {
  while (!text.empty() && failure_ == 0) {
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      failure_ = errno;
    }
  }
}

void Output::line(std::string_view text) {
  std::string whole{text};
  whole += '\n';
  write(whole);
}

std::string Output::painted(Style style, std::string_view text) const {
  if (!screen_.colour || style == Style::plain) return std::string{text};
  std::string result{start_of(style)};
  result += text;
  result += "\x1b[0m";
  return result;
}

}  // namespace modelkeep::cli
