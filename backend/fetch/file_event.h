#pragma once
// What the hashing and the syncing thread have to say of a file.
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "fetch/part.h"

namespace modelkeep::fetch {

struct FileEvent {
  enum class Kind : std::uint8_t {
    checkpoint,  ///< The first `bytes` are on the disk for sure.
    right,       ///< Every byte is there and is right; `sha256` is set.
    safe,        ///< The same, and all of it is on the disk for sure.
    corrupt,     ///< All bytes came and they are not what the digest says.
    failed,      ///< The disk: what it holds of this part cannot be trusted any more.
  };
  Kind kind = Kind::checkpoint;
  Part* part = nullptr;
  int generation = 0;  ///< Of right and safe: the one that was hashed.
  std::uint64_t bytes = 0;
  std::string sha256{};
  std::optional<Error> error{};
};

}  // namespace modelkeep::fetch
