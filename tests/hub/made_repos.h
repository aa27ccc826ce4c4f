#pragma once
// Generated repositories of any size, for measurements; with a folder to keep their bytes in, so
// that they need to be hashed once and can be sent straight from the page cache.
#include <string>

#include "base/result.h"
#include "tests/hub/options.h"
#include "tests/hub/repos.h"

namespace modelkeep::standin {

/// With an empty `data_dir` contents are generated as they are sent, and hashed here.
Result<> add_made_repo(Repos& repos, const MadeRepo& made, const std::string& data_dir);

}  // namespace modelkeep::standin
