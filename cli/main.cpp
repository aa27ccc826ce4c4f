// The command-line client: builds its world from the process it is in and runs one command.
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <unistd.h>

#include "cli/dispatch.h"
#include "net/curl_transport.h"

using namespace modelkeep;
using namespace modelkeep::cli;

namespace {

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? std::optional<std::string>{value} : std::nullopt;
}

/// The question goes to stderr: stdout is for data, and may be a file.
std::optional<std::string> ask(Output& talk, std::string_view question) {
  if (!isatty(STDIN_FILENO) || !talk.screen().terminal) return std::nullopt;
  talk.write(question);
  std::string answer;
  if (!std::getline(std::cin, answer)) talk.line("");
  return answer;
}

}  // namespace

int main(int argc, char** argv) {
  // A reader that goes away shall end in an exit status of ours.
  std::signal(SIGPIPE, SIG_IGN);
  Output out(STDOUT_FILENO, screen_of(STDOUT_FILENO, environment));
  Output talk(STDERR_FILENO, screen_of(STDERR_FILENO, environment));
  Result<Send> send = http_sender("modelkeep/" MODELKEEP_VERSION);
  if (!send) {
    talk.line("modelkeep: " + send.error().message);
    return kRefused;
  }
  World world{
      .out = out,
      .talk = talk,
      .send = *std::move(send),
      .open_transport = [] { return net::make_curl_transport({}, "modelkeep/" MODELKEEP_VERSION); },
      .clock = system_clock(),
      .environment = environment,
      .ask = [&talk](std::string_view question) { return ask(talk, question); },
      .refusal = {}};
  return run_command_line({argv + 1, argv + argc}, world);
}
