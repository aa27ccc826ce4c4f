#include "cli/dispatch.h"

#include <cerrno>
#include <cstring>
#include <exception>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/manual.h"
#include "cli/spelling.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli {
namespace {

constexpr std::size_t kErrorBytesMax = 1000;

int status_of(const Error& error) {
  if (error.code == codes::usage_invalid) return kWrongUsage;
  if (error.code == kServerUnreachable) return kUnreachable;
  return kRefused;
}

int report(const Error& error, std::string_view command, World& world) {
  if (world.json && !world.refusal.empty()) world.out.line(world.refusal);
  std::string line = world.talk.painted(Style::bad, "modelkeep: ");
  line += shown(clipped(error.message, kErrorBytesMax));
  const int status = status_of(error);
  if (status == kWrongUsage) {
    line += command.empty() ? " (see modelkeep --help)"
                            : " (see modelkeep help " + std::string{command} + ")";
  }
  world.talk.line(line);
  return status;
}

Result<> unknown_command(const std::string& word) {
  std::vector<std::string> known;
  for (const Command& command : commands()) known.emplace_back(command.name);
  const std::string near = nearest(word, known);
  return wrong_usage("there is no command '" + shown(clipped(word, 100)) + "'" +
                     (near.empty() ? "" : "; did you mean " + near + "?"));
}

/// Words without a command: --help, --version, or nothing at all.
Result<> without_command(const std::vector<std::string>& args, World& world) {
  for (const std::string& word : args) {
    if (word == "--version" || word == "-version" || word == "-V") {
      Call call{"version", {}, world};
      return run_version(call);
    }
    if (word == "--help" || word == "-h" || word == "-help") {
      world.out.write(overview(world.out));
      return {};
    }
  }
  if (args.empty()) {
    world.talk.write(overview(world.talk));
    return wrong_usage("a command is needed");
  }
  TRY(plain_spelling(args, global_options()));
  return wrong_usage("a command is needed, such as modelkeep list");
}

Result<> run_guarded(const Command& command, Call& call) {
  try {
    return command.run(call);
  } catch (const std::exception& error) {
    // What the standard library raises when memory ends; nothing of ours does.
    return fail(ErrorKind::internal, codes::internal_error,
                std::string{"something broke here: "} + error.what());
  }
}

int finish(int status, World& world) {
  const int failure = world.out.failure();
  if (failure == 0) return status;
  // A reader that closed its end knows why: head, less, a script that had enough.
  if (failure != EPIPE) {
    world.talk.line(std::string{"modelkeep: the output could not be written: "} +
                    std::strerror(failure));
  }
  return status == kDone ? kRefused : status;
}

}  // namespace

tl::unexpected<Error> wrong_usage(std::string message) {
  return fail(ErrorKind::invalid, codes::usage_invalid, std::move(message));
}

int run_command_line(const std::vector<std::string>& args, World& world) {
  const std::size_t index = command_index(args);
  if (index >= args.size()) {
    const Result<> done = without_command(args, world);
    return finish(done ? kDone : report(done.error(), "", world), world);
  }
  const std::string& word = args[index];
  const Command* command = find_command(word);
  if (!command) return report(unknown_command(word).error(), "", world);
  Call call{word, args, world};
  call.args.erase(call.args.begin() + static_cast<std::ptrdiff_t>(index));
  const Result<> done = run_guarded(*command, call);
  return finish(done ? kDone : report(done.error(), word, world), world);
}

}  // namespace modelkeep::cli
