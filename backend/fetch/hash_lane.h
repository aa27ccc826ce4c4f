#pragma once
// The thread that follows the arriving bytes: it hashes each part in order while its pages are
// still in memory, and says whether a whole file is what its digest promised. Verifying costs no
// second pass over the disk, and a resumed part's first bytes are hashed again by the same code.
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/digest.h"
#include "fetch/file_event.h"

namespace modelkeep::fetch {

class HashLane {
 public:
  /// `report` is called on the lane's thread, with right, corrupt or failed.
  HashLane(Files& files, std::function<void(FileEvent)> report);

  /// Any thread. The part is open, and outlives the lane's run. Until its verdict, which comes
  /// once: for another one add it again.
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
    std::optional<Digest> sha256{};
    std::optional<Digest> git{};
  };
  /// The digests as they were up to some place: when a piece behind it is replaced, only what
  /// follows is hashed once more.
  struct Mark {
    std::uint64_t at = 0;
    int generation = 0;
    Digest sha256;
    std::optional<Digest> git{};
  };
  enum class Step : std::uint8_t { idle, moved, done };

  void begin(Work& work, int generation);
  void mark(const Work& work);
  Step step(Work& work);
  Result<bool> hash_some(Work& work, std::uint64_t frontier);
  void finish(Work& work);

  Files& files_;
  std::function<void(FileEvent)> report_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Part*> added_;
  bool poked_ = false;
  std::vector<std::byte> block_;
  std::map<const Part*, std::vector<Mark>> marks_;  ///< The lane's thread alone.
};

}  // namespace modelkeep::fetch
