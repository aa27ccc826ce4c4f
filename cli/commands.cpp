#include "cli/commands.h"

#include <algorithm>
#include <array>

namespace modelkeep::cli {
namespace {

constexpr std::array kCommands = {
    Command{"list", kModels, "List the models of the store; search, filter, sort.", run_list},
    Command{"get", kModels, "Show one model: folder, files, who uses it.", run_get},
    Command{"download", kModels, "Have a model downloaded from the Hub, once for everyone.",
            run_download},
    Command{"preview", kModels, "Show what a download would bring, before a byte moves.",
            run_preview},
    Command{"update", kModels, "Fetch what is newer upstream, or change a model's description.",
            run_update},
    Command{"delete", kModels, "Delete a model from the store.", run_delete},
    Command{"pull", kModels, "Copy a model from the store to this machine, verified.", run_pull},
    Command{"snippet", kModels, "Print the lines that load a model, for each tool and door.",
            run_snippet},
    Command{"queue", kQueue, "Show what is being downloaded and what waits.", run_queue},
    Command{"pause", kQueue, "Pause a download; its bytes are kept.", run_pause},
    Command{"resume", kQueue, "Let a paused download go on.", run_resume},
    Command{"cancel", kQueue, "Cancel a download and drop its bytes.", run_cancel},
    Command{"retry", kQueue, "Try a failed download again.", run_retry},
    Command{"limit", kQueue, "Show or set how much downloads may take, and when.", run_limit},
    Command{"stats", kServer, "Show totals, users and recent activity.", run_stats},
    Command{"health", kServer, "Ask whether the server is well.", run_health},
    Command{"completions", kThis, "Print the completions for bash, zsh or fish.", run_completions},
    Command{"version", kThis, "Print the version of this program.", run_version},
    Command{"help", kThis, "Explain a command.", run_help},
};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

const Command* find_command(std::string_view name) {
  const auto found = std::ranges::find(kCommands, name, &Command::name);
  return found == kCommands.end() ? nullptr : &*found;
}

Manual manual_of(const Command& command, World& world) {
  Manual manual;
  Call call{std::string{command.name}, {}, world, &manual};
  // Only options are told on this path; it makes no call and cannot fail.
  static_cast<void>(command.run(call));
  return manual;
}

}  // namespace modelkeep::cli
