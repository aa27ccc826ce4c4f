#pragma once
// From "this model, this revision" to rows: which files, how large, by which digest, and which of
// them we have.
#include <string>
#include <vector>

#include "catalog/queue.h"
#include "fetch/surroundings.h"
#include "upstream/hub.h"

namespace modelkeep::fetch {

/// What upstream's list means for a download; pure. upstream_path_rejected for a list with a path
/// that may not become a file, even one that no pattern wants: such a repo is not trusted at all.
struct Selection {
  catalog::Plan plan{};
  catalog::ModelFacts facts{};
};
Result<Selection> select_files(const upstream::Manifest& manifest,
                               const catalog::Download& download, bool portable);

struct Planned {
  std::string repo{};
  std::string commit{};
  std::vector<catalog::DownloadFile> files{};
  bool was_asked = true;  ///< False: what a commit holds was known already.
};

/// What was learned of the revision before, from a source that is away now: what another one says
/// must agree with it.
struct Known {
  std::string commit{};
};

/// Asks upstream, writes facts and file rows, marks the files whose blobs are stored, and checks
/// that the rest fits. `keep_going` ends a question to upstream that nobody waits for any more.
Result<Planned> make_plan(const Surroundings& around, sqlite::Connection& db, upstream::Hub& hub,
                          const catalog::Download& download, const Known& known,
                          const std::function<bool()>& keep_going);

}  // namespace modelkeep::fetch
