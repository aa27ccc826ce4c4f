#pragma once
// Downloads as the API shows them.
#include <vector>

#include "base/json.h"
#include "catalog/downloads.h"

namespace modelkeep::api {

/// A download with what belongs to it.
struct DownloadParts {
  catalog::Download download;
  std::vector<catalog::DownloadFile> files;
  std::vector<catalog::Asker> askers;
  bool shows_files = true;
};
void to_json(json::Writer& out, const DownloadParts& parts);

/// Reads the files and askers of a download.
Result<DownloadParts> with_parts(sqlite::Connection& db, catalog::Download download);

/// The same for a list, which shows the files of unfinished downloads only.
Result<DownloadParts> with_listed_parts(sqlite::Connection& db, catalog::Download download);

}  // namespace modelkeep::api
