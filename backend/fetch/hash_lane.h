#pragma once
// The thread that follows the arriving bytes: it hashes each part in order while its pages are
// still in memory, makes checkpoints durable, and says whether a whole file is what its digest
// promised. Verifying costs no second pass over the disk, and a resumed part's first bytes are
// hashed again by the same code.
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "fetch/part.h"

namespace modelkeep::fetch {

struct HashEvent {
  enum class Kind : std::uint8_t {
    checkpoint,  ///< The first `bytes` are on the disk for sure.
    verified,    ///< Every byte is there, is right and is synced; `sha256` is set.
    corrupt,     ///< All bytes came and they are not what the digest says.
    failed,      ///< The disk: what it holds of this part cannot be trusted any more.
  };
  Kind kind = Kind::checkpoint;
  Part* part = nullptr;
  std::uint64_t bytes = 0;
  std::string sha256{};
  std::optional<Error> error{};
};

struct CheckpointPolicy {
  std::uint64_t every_bytes = std::uint64_t{64} << 20;
  std::int64_t every_ms = 10'000;
};

class HashLane {
 public:
  /// `report` is called on the lane's thread.
  HashLane(Files& files, Clock& clock, CheckpointPolicy policy,
           std::function<void(HashEvent)> report);

  /// Any thread. The part is opened, and outlives the lane's run.
  void add(Part& part);
  /// Any thread: bytes have arrived somewhere.
  void poke();
  /// The thread's body.
  void run(std::stop_token stop);

 private:
  struct Work {
    Part* part = nullptr;
    int generation = 0;
    std::uint64_t hashed = 0;
    std::uint64_t checkpoint = 0;
    std::int64_t checkpoint_at_ms = 0;
    std::optional<Digest> sha256{};
    std::optional<Digest> git{};
  };
  enum class Step : std::uint8_t { idle, moved, done };

  void begin(Work& work, int generation);
  Step step(Work& work);
  Result<bool> hash_some(Work& work, std::uint64_t received);
  Result<> finish(Work& work);
  Result<> checkpoint_if_due(Work& work);

  Files& files_;
  Clock& clock_;
  CheckpointPolicy policy_;
  std::function<void(HashEvent)> report_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Part*> added_;
  bool poked_ = false;
  std::vector<std::byte> block_;
};

}  // namespace modelkeep::fetch
