#pragma once
// What asking for a model would mean, before a byte moves: the answer to a worker's question. It is
// made by a fetcher, for it needs the upstream, the disk and the rows.
#include <functional>
#include <string>
#include <vector>

#include "fetch/ask.h"
#include "fetch/surroundings.h"
#include "upstream/manifest.h"

namespace modelkeep::fetch {

/// The preview as JSON, one object; see docs/openapi.json. The errors of a download's plan, and
/// upstream_unavailable when upstream takes longer than a person waits.
Result<std::string> make_preview(const Surroundings& around, sqlite::Connection& db,
                                 const PreviewQuestion& question,
                                 const std::function<bool()>& keep_going);

}  // namespace modelkeep::fetch
