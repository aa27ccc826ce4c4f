#include "cli/commands.h"
#include "cli/download_action.h"

namespace modelkeep::cli {

Result<> run_resume(Call& call) {
  return run_download_action(
      call, {.verb = "resume",
             .done = "in the queue again",
             .about = "Lets a paused download go on where it stopped.",
             .examples = "modelkeep resume 12 # by its number in modelkeep queue\n"
                         "modelkeep resume google/flan-t5-small # by its model",
             .applies = [](std::string_view status) { return status == "paused"; }});
}

}  // namespace modelkeep::cli
