#pragma once
// Which threads of a pool work. As few as keep the processors busy, since each more costs a change
// of context and has the database's pages to read anew; and more while some are held up, by a lock
// or a disk, so that nobody behind them waits. The rest sleep until they are needed. It is always
// those with the lowest numbers that work: what they have read is still at hand.
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

namespace modelkeep::http {

/// Threads are numbered from 0.
class Turns {
 public:
  /// `at_once` of `threads` work while none is held up.
  Turns(int threads, int at_once);

  /// Waits until it is the thread's turn; false when there is no more work for anyone. Called
  /// before each piece of work.
  bool take(int thread);
  /// Around each piece of work. One that lasts longer than a few milliseconds holds its thread up.
  void begin(int thread);
  void done(int thread);

  /// There is no more work.
  void end();

  /// Gives turns to others while threads are held up; returns after end(). Run by one thread beside
  /// them.
  void watch();

 private:
  struct alignas(64) Slot {
    std::atomic<std::uint64_t> steps{0};  ///< Odd during a piece of work.
    std::uint64_t steps_seen = 0;         ///< Of the watcher.
  };
  struct Seen {
    int held_up = 0;
    bool anyone_works = false;
  };
  Seen look();
  void rest(std::unique_lock<std::mutex>& lock);
  void give_turns(int threads);

  const int at_once_;
  std::vector<Slot> slots_;
  std::atomic<int> turns_;  ///< Threads below this number work; none after the end.
  std::atomic<bool> watcher_rests_ = false;
  std::mutex mutex_;
  std::condition_variable more_turns_;
  std::condition_variable someone_works_;
  bool ended_ = false;  ///< Under mutex_.
};

}  // namespace modelkeep::http
