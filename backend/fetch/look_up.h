#pragma once
// What a repo is upstream, for a client that asks the hub door for what is not stored: asked once,
// kept in the catalog, and asked again only when it is old.
#include <functional>
#include <string>

#include "fetch/surroundings.h"

namespace modelkeep::fetch {

/// Afterwards the catalog has upstream's answer, a refusal too. However many ask at the same time,
/// in whichever fetcher, upstream is asked once. An error when nothing could be kept.
Result<> look_up(const Surroundings& around, sqlite::Connection& db, const std::string& repo,
                 const std::string& revision, const std::function<bool()>& keep_going);

}  // namespace modelkeep::fetch
