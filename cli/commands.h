#pragma once
// The table of commands. Each is one function in one file of commands/, named as the command.
#include <span>
#include <string_view>

#include "cli/command.h"

namespace modelkeep::cli {

struct Command {
  std::string_view name;
  std::string_view group;    ///< One of the four below.
  std::string_view summary;  ///< One line in the overview.
  Run run;
};

inline constexpr std::string_view kModels = "Models";
inline constexpr std::string_view kQueue = "Downloads";
inline constexpr std::string_view kServer = "Server";
inline constexpr std::string_view kThis = "This program";

std::span<const Command> commands();

/// nullptr when there is none of that name.
const Command* find_command(std::string_view name);

/// The options of a command, as its parser declares them.
Manual manual_of(const Command& command, World& world);

Result<> run_list(Call& call);
Result<> run_get(Call& call);
Result<> run_download(Call& call);
Result<> run_preview(Call& call);
Result<> run_update(Call& call);
Result<> run_delete(Call& call);
Result<> run_pull(Call& call);
Result<> run_snippet(Call& call);
Result<> run_queue(Call& call);
Result<> run_pause(Call& call);
Result<> run_resume(Call& call);
Result<> run_cancel(Call& call);
Result<> run_retry(Call& call);
Result<> run_limit(Call& call);
Result<> run_stats(Call& call);
Result<> run_health(Call& call);
Result<> run_completions(Call& call);
Result<> run_version(Call& call);
Result<> run_help(Call& call);

}  // namespace modelkeep::cli
