#pragma once
// JSON that was written once and stays right as long as its model has the same version. All
// threads of a process share one; what is pushed out is written again by whoever needs it.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/guarded.h"

namespace modelkeep::api {

class VersionedTexts {
 public:
  using Text = std::shared_ptr<const std::string>;

  /// `bytes_max` bounds what all texts take together.
  explicit VersionedTexts(std::size_t bytes_max) : shard_bytes_max_(bytes_max / kShards) {}

  /// The text of this version of the model; null when it is not here.
  Text find(std::int64_t model_pk, std::int64_t version);
  /// Keeps the text, unless it is so long that few others would fit beside it; gives it back
  /// either way.
  Text keep(std::int64_t model_pk, std::int64_t version, std::string text);

 private:
  // Threads that read a page go from model to model: they rarely meet in one of so many.
  static constexpr std::size_t kShards = 16;
  struct Entry {
    std::int64_t version = 0;
    Text text;
  };
  struct Shard {
    std::unordered_map<std::int64_t, Entry> entries;
    std::size_t bytes = 0;
  };
  Guarded<Shard>& shard_of(std::int64_t model_pk) {
    return shards_.at(static_cast<std::size_t>(model_pk) % kShards);
  }

  std::size_t shard_bytes_max_;
  std::array<Guarded<Shard>, kShards> shards_;
};

}  // namespace modelkeep::api
