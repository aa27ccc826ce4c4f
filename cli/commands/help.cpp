#include "cli/commands.h"
#include "cli/manual.h"
#include "cli/parser.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli {

Result<> run_help(Call& call) {
  Parser parser(call, {.arguments = "[COMMAND]",
                       .arguments_max = 1,
                       .about = "Explains a command, or lists them all.",
                       .examples = "modelkeep help download",
                       .options = {}});
  if (!TRY(parser.read())) return {};
  if (parser.words().empty()) {
    call.world.out.write(overview(call.world.out));
    return {};
  }
  const std::string& name = parser.words().front();
  const Command* command = find_command(name);
  if (!command) return wrong_usage("there is no command '" + shown(name) + "'");
  call.world.out.write(command_help(name, manual_of(*command, call.world), call.world.out));
  return {};
}

}  // namespace modelkeep::cli
