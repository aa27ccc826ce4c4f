#pragma once
// A preview as it goes over the wire: what was found out, summed up and grouped.
#include <cstdint>
#include <string>
#include <vector>

#include "base/files.h"
#include "fetch/ask.h"
#include "fetch/preview/file_kinds.h"
#include "upstream/manifest.h"

namespace modelkeep::fetch {

/// Everything that asking brought to light.
struct PreviewFacts {
  PreviewQuestion question{};
  upstream::Manifest manifest{};
  bool accessible = true;      ///< False for a gated repo whose files we may not have.
  std::vector<bool> stored{};  ///< By file of the manifest: its bytes are here.
  DiskSpace space{};
  std::uint64_t reserve_bytes = 0;
  std::uint64_t staged_bytes = 0;  ///< On the disk already, where its download has begun.
  std::uint64_t queue_bytes = 0;   ///< What other downloads were promised and have not written.
};

/// One object; pure.
std::string preview_json(const PreviewFacts& facts);

}  // namespace modelkeep::fetch
