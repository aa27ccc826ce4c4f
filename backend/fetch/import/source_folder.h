#pragma once
// A folder that someone wants to have as a model: which of its files can be one's, and every reason
// why not. Nothing in it is changed, and no link leads out of it.
#include <cstdint>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

struct stat;

namespace modelkeep::fetch {

struct SourceFile {
  std::string path;
  std::int64_t size_bytes = 0;
  /// Changes whenever someone writes to the file, or puts another in its place.
  std::string stamp;
};

std::string stamp_of(const struct stat& facts);

/// What was there when it was looked at. The folder stays open: what is read later is below it,
/// whatever was renamed meanwhile.
struct SourceFolder {
  Fd folder;
  std::vector<SourceFile> files;  ///< By path.
  std::vector<std::string> left;  ///< What a Hub client or git keeps there about itself.
};

/// path_invalid with all complaints, a line each, when there are any: an import takes everything or
/// nothing. `portable`: the mount folds case.
Result<SourceFolder> open_source(const std::string& path, bool portable);

/// An open file below the folder and what it is now; never a link that leads out, a device, a pipe.
struct OpenSource {
  Fd file;
  SourceFile facts;
  bool is_ours = false;  ///< Of the user of this process.
};
Result<OpenSource> open_file(const Fd& folder, const std::string& path);

}  // namespace modelkeep::fetch
