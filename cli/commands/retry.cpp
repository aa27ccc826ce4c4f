#include "cli/commands.h"
#include "cli/download_action.h"

namespace modelkeep::cli {

Result<> run_retry(Call& call) {
  return run_download_action(
      call, {.verb = "retry",
             .done = "in the queue again",
             .about = "Puts a failed download back into the queue. One that was cancelled is asked "
                      "for again with modelkeep download.",
             .examples = "modelkeep retry 12 # by its number in modelkeep queue --all\n"
                         "modelkeep retry google/flan-t5-small # by its model",
             .applies = [](std::string_view status) { return status == "failed"; }});
}

}  // namespace modelkeep::cli
