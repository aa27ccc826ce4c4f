#pragma once
// NAME or ID, as people type it: what has a slash is a name; anything else is tried as an id and
// then as a name.
#include <functional>
#include <string>

#include "cli/client.h"
#include "cli/wire.h"

namespace modelkeep::cli {

/// A call about one model, given the path of its id: "/api/models/google_flan-t5-small".
using ModelCall = std::function<Result<Answer>(const std::string& path)>;

/// Makes the call for the model that `word` means. not_found, with the next step, when there is
/// none.
Result<Answer> call_for_model(Client& client, const std::string& word, const ModelCall& call);

/// The id of the model of exactly this name; empty when the store has none.
Result<std::string> id_of_name(Client& client, const std::string& name);

}  // namespace modelkeep::cli
