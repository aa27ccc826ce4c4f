#include "cli/commands.h"
#include "cli/download_action.h"

namespace modelkeep::cli {

Result<> run_cancel(Call& call) {
  return run_download_action(call,
                             {.verb = "cancel",
                              .done = "cancelled",
                              .about = "Ends a download and drops what has arrived of it. A model "
                                       "that was there before stays as it was.",
                              .examples = "modelkeep cancel 12 # by its number in modelkeep queue\n"
                                          "modelkeep cancel google/flan-t5-small # by its model",
                              .applies = [](std::string_view status) {
                                return status != "ready" && status != "cancelled";
                              }});
}

}  // namespace modelkeep::cli
