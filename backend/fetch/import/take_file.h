#pragma once
// One file of someone's folder as a staged file of ours: its blocks shared, copied, or the very
// same file under a second name. Hashed and on the disk when this returns.
#include <cstdint>
#include <functional>
#include <string>

#include "base/files.h"
#include "fetch/import/source_folder.h"

namespace modelkeep::fetch {

enum class Taking : std::uint8_t {
  copy,  ///< Blocks are shared where the file system can (reflink).
  link,  ///< The original becomes read-only: who can write to it could change a blob.
};

struct TakenFile {
  std::string sha256{};
  std::string git_oid{};  ///< Of a file that git would keep; else empty.
  bool cloned = false;    ///< It took no space of its own.
};

/// Called with each number of bytes that were read; its error ends the work.
using OnBytes = std::function<Result<>(std::int64_t)>;

/// `staged` is made anew. state_conflict when someone writes to the file meanwhile.
Result<TakenFile> take_file(Files& files, const OpenSource& source, const std::string& staged,
                            Taking taking, const OnBytes& on_bytes);

/// Whether a copy would share its blocks; `staged` is used for the try and gone afterwards.
bool can_clone(Files& files, const OpenSource& source, const std::string& staged);

}  // namespace modelkeep::fetch
