#pragma once
// Stays with a download until it is over: the bar, the silence of a restarting server, the last
// word.
#include "cli/client.h"
#include "cli/wire.h"

namespace modelkeep::cli {

/// `accepted` is the answer that began it, with its download. Prints the model's folder when it is
/// ready; an error when it failed or was cancelled. Ctrl-C ends the waiting only.
Result<> follow_download(Client& client, const OneAnswer& accepted, bool verbose, World& world);

}  // namespace modelkeep::cli
