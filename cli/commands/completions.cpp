#include "cli/commands.h"
#include "cli/completion_scripts.h"
#include "cli/parser.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli {
namespace {

const Manual kManual{.arguments = "bash|zsh|fish",
                     .arguments_max = 1,
                     .about = "Prints a script that teaches your shell the commands and options.",
                     .examples =
                         "source <(modelkeep completions bash) # in ~/.bashrc\n"
                         "source <(modelkeep completions zsh) # in ~/.zshrc, after compinit\n"
                         "modelkeep completions fish > ~/.config/fish/completions/modelkeep.fish",
                     .options = {}};

std::vector<std::string> words_of(const Command& command) {
  if (command.name == "completions") return {"bash", "zsh", "fish"};
  if (command.name == "queue") return {"move", "priority"};
  std::vector<std::string> words;
  if (command.name == "help") {
    for (const Command& other : commands()) words.emplace_back(other.name);
  }
  return words;
}

std::vector<Completable> completables(World& world) {
  std::vector<Completable> result;
  for (const Command& command : commands()) {
    result.push_back({std::string{command.name}, std::string{command.summary},
                      manual_of(command, world).options, words_of(command)});
  }
  return result;
}

}  // namespace

Result<> run_completions(Call& call) {
  Parser parser(call, kManual);
  if (!TRY(parser.read())) return {};
  if (parser.words().empty()) return wrong_usage("completions needs a shell: bash, zsh or fish");
  const std::string& shell = parser.words().front();
  const std::vector<Completable> all = completables(call.world);
  if (shell == "bash") {
    call.world.out.write(bash_completions(all));
  } else if (shell == "zsh") {
    call.world.out.write(zsh_completions(all));
  } else if (shell == "fish") {
    call.world.out.write(fish_completions(all));
  } else {
    return wrong_usage("there are completions for bash, zsh and fish, not for '" + shown(shell) +
                       "'");
  }
  return {};
}

}  // namespace modelkeep::cli
