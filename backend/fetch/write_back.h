#pragma once
// The thread that brings what arrived onto the disk: it starts writing early, so that the last sync
// of a file finds little to do, makes checkpoints, and syncs whole files, many small ones at once.
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "fetch/file_event.h"

namespace modelkeep::fetch {

struct CheckpointPolicy {
  std::uint64_t every_bytes = std::uint64_t{64} << 20;
  std::int64_t every_ms = 10'000;
};

class WriteBack {
 public:
  /// `report` is called on this thread, with checkpoint, safe or failed.
  WriteBack(Files& files, Clock& clock, CheckpointPolicy policy,
            std::function<void(FileEvent)> report);

  /// Any thread. The part is open, and outlives the run.
  void add(Part& part);
  /// Any thread: every byte of it is right; the answer is safe or failed.
  void make_safe(FileEvent right);
  /// The thread's body.
  void run(std::stop_token stop);

 private:
  struct Work {
    Part* part = nullptr;
    int generation = 0;
    ByteRanges begun{};  ///< The kernel was asked to write these.
    std::uint64_t checkpoint_bytes = 0;
    std::int64_t checkpoint_at_ms = 0;
  };

  void take_added();
  bool look_after(Work& work);
  void begin_writing(Work& work, const ByteRanges& there);
  bool checkpoint_if_due(Work& work, const ByteRanges& there);
  void sync_whole(std::vector<FileEvent> files);
  Result<bool> sync_together(const std::vector<FileEvent>& files);

  Files& files_;
  Clock& clock_;
  CheckpointPolicy policy_;
  std::function<void(FileEvent)> report_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Part*> added_;
  std::vector<FileEvent> whole_;
  std::vector<Work> works_;
  std::vector<Part*> failed_;  ///< Until they are added anew: no later sync of theirs is believed.
};

}  // namespace modelkeep::fetch
