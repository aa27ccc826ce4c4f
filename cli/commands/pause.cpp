#include "cli/commands.h"
#include "cli/download_action.h"

namespace modelkeep::cli {

Result<> run_pause(Call& call) {
  return run_download_action(call,
                             {.verb = "pause",
                              .done = "paused",
                              .about = "Stops a download that runs or waits. What has arrived is "
                                       "kept, and modelkeep resume goes on from there.",
                              .examples = "modelkeep pause 12 # by its number in modelkeep queue\n"
                                          "modelkeep pause google/flan-t5-small # by its model",
                              .applies = [](std::string_view status) {
                                return status != "paused" && status != "ready" &&
                                       status != "failed" && status != "cancelled";
                              }});
}

}  // namespace modelkeep::cli
