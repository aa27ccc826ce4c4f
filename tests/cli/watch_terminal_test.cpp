// The live view on a real terminal: a pseudo-terminal with a size, and a Ctrl-C typed into it.
#include <array>
#include <string>

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "tests/support/raw_server.h"

namespace modelkeep::cli {
namespace {

std::string http(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

const std::string kQueue =
    R"({"success":true,"seq":1,"total":1,"downloads":[{"id":12,"model_name":"owner/a-model-with-a-long-name",)"
    R"("status":"downloading","bytes_done":1000,"bytes_total":2000}]})";

/// What the program writes until `enough` of it is there or ten seconds have passed.
template <class Enough>
std::string read_until(const Fd& terminal, Enough&& enough) {
  std::string text;
  for (int i = 0; i < 100 && !enough(text); ++i) {
    pollfd wait{terminal.get(), POLLIN, 0};
    if (::poll(&wait, 1, 100) <= 0) continue;
    std::array<char, 4096> chunk{};
    const ssize_t got = ::read(terminal.get(), chunk.data(), chunk.size());
    if (got <= 0) break;
    text.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return text;
}

std::size_t frames_in(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find("\x1b[J", at)) != std::string::npos; ++at) ++count;
  return count;
}

TEST(WatchTerminal, redraws_in_place_and_gives_the_cursor_back_on_ctrl_c) {
  const RawServer server([](const std::string&) { return http(kQueue); }, 50);
  const std::string url = server.url();
  winsize size{};
  size.ws_col = 40;
  size.ws_row = 12;
  int master = -1;
  const pid_t child = ::forkpty(&master, nullptr, nullptr, &size);
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::execle(MODELKEEP_CLI, MODELKEEP_CLI, "-s", url.c_str(), "queue", "--watch", nullptr,
             std::array<const char*, 4>{"TERM=xterm", "NO_COLOR=1", "HOME=/nonexistent", nullptr}
                 .data());
    ::_exit(127);
  }
  const Fd terminal(master);
  const std::string drawn =
      read_until(terminal, [](const auto& text) { return frames_in(text) >= 2; });
  EXPECT_GE(frames_in(drawn), 2u) << drawn;
  EXPECT_NE(drawn.find("\x1b[?25l"), std::string::npos);
  EXPECT_NE(drawn.find("\x1b[2A\r"), std::string::npos) << "it goes up over what it drew";
  EXPECT_NE(drawn.find("50%"), std::string::npos);
  EXPECT_EQ(drawn.find("\x1b[3"), std::string::npos) << "no colour where none is wanted";
  ASSERT_EQ(::write(terminal.get(), "\x03", 1), 1);
  const std::string last = read_until(
      terminal, [](const auto& text) { return text.find("\x1b[?25h") != std::string::npos; });
  EXPECT_NE(last.find("\x1b[?25h"), std::string::npos);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
}

}  // namespace
}  // namespace modelkeep::cli
