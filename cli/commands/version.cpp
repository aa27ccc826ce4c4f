#include "base/json.h"
#include "cli/commands.h"
#include "cli/parser.h"

namespace modelkeep::cli {

Result<> run_version(Call& call) {
  Parser parser(
      call, {.arguments = "",
             .about = "Prints the version of this program; modelkeep health tells the server's.",
             .examples = "modelkeep version",
             .options = {}});
  if (!TRY(parser.read())) return {};
  if (call.world.json) {
    json::Writer out;
    out.begin_object().member("version", std::string{MODELKEEP_VERSION}).end_object();
    call.world.out.line(out.view());
    return {};
  }
  call.world.out.line("modelkeep " MODELKEEP_VERSION);
  return {};
}

}  // namespace modelkeep::cli
