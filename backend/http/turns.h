#pragma once
// Which threads of a pool work. As few as keep the processors busy, since each more costs a change
// of context and has the database's pages to read anew; and one more for each that is held up, by a
// lock or a disk, so that nobody behind it waits. The rest sleep until they are needed.
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

  /// Waits until the thread shall work; false when there is no more work for anyone. Called before
  /// each piece of work: it returns at once while the thread keeps its turn.
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
    /// Odd during a piece of work.
    std::atomic<std::uint64_t> steps{0};
    std::uint64_t steps_seen = 0;  ///< Of the watcher.
    bool has_turn = false;         ///< Under mutex_.
  };
  struct Seen {
    int held_up = 0;
    bool anyone_works = false;
  };
  Seen look();

  const int at_once_;
  std::vector<Slot> slots_;
  std::atomic<int> wanted_;     ///< Threads that shall work.
  std::atomic<int> turns_ = 0;  ///< Threads that have a turn; changed under mutex_.
  std::atomic<bool> watcher_sleeps_ = false;
  std::mutex mutex_;
  std::condition_variable turn_is_free_;
  std::condition_variable someone_works_;
  bool ended_ = false;  ///< Under mutex_.
};

}  // namespace modelkeep::http
