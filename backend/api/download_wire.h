#pragma once
// Downloads as the API shows them.
#include <vector>

#include "api/route.h"
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

/// `when_full` of a request: true for wait, false for refuse, absent as it is. field_invalid.
Result<std::optional<bool>> parse_when_full(const std::optional<std::string>& text);

/// Reads the files and askers of a download, and says why it waits.
Result<DownloadParts> with_parts(Call& call, sqlite::Connection& db, catalog::Download download);

/// The same for a list, which shows the files of unfinished downloads only.
Result<DownloadParts> with_listed_parts(Call& call, sqlite::Connection& db,
                                        catalog::Download download);

}  // namespace modelkeep::api
