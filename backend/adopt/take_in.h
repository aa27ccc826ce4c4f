#pragma once
// Takes one file that lies on the mount into the content store, where it lies: hashed, linked,
// read-only.
#include <cstdint>
#include <functional>
#include <string>

#include "base/files.h"
#include "storage/layout.h"

namespace modelkeep::adopt {

struct TakenFile {
  std::string sha256;
  std::string git_oid;  ///< Of files that may be plain git files upstream; empty for larger ones.
  std::int64_t size_bytes = 0;
};

/// Called with each number of bytes that were hashed.
using HashProgress = std::function<void(std::int64_t bytes)>;

/// The same content is stored once: where a blob of it exists, the file becomes a link to that.
/// state_conflict when someone writes to the file meanwhile.
Result<TakenFile> take_in(Files& files, const storage::Layout& layout, const std::string& path,
                          const HashProgress& progress);

/// For the transaction that names it: a sweep may have taken the blob of an earlier model
/// meanwhile.
Result<> ensure_blob(Files& files, const storage::Layout& layout, const std::string& path,
                     const TakenFile& taken);

}  // namespace modelkeep::adopt
