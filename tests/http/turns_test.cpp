#include "http/turns.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <latch>
#include <semaphore>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace modelkeep::http {
namespace {

using std::chrono::milliseconds;

// Threads that take pieces of work from a counter, each piece as long as `work` says.
class Pool {
 public:
  template <class Work>
  Pool(int threads, int at_once, Work work) : turns_(threads, at_once) {
    for (int i = 0; i < threads; ++i) {
      threads_.emplace_back([this, i, work] {
        while (turns_.take(i)) {
          if (!pieces_.try_acquire_for(milliseconds{20})) continue;
          turns_.begin(i);
          ++who_[static_cast<std::size_t>(i)];
          work();
          turns_.done(i);
        }
      });
    }
    watcher_ = std::jthread([this] { turns_.watch(); });
  }
  ~Pool() { turns_.end(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  void give(int pieces) { pieces_.release(pieces); }
  long threads_that_worked() const {
    return std::count_if(who_.begin(), who_.end(), [](const auto& pieces) { return pieces > 0; });
  }

 private:
  Turns turns_;
  std::counting_semaphore<> pieces_{0};
  std::array<std::atomic<int>, 16> who_{};
  std::vector<std::jthread> threads_;
  std::jthread watcher_;
};

TEST(Turns, short_work_is_done_by_as_few_threads_as_were_named) {
  std::atomic<int> done = 0;
  {
    Pool pool(16, 2, [&] { ++done; });
    for (int i = 0; i < 1'000; ++i) pool.give(1);
    while (done < 1'000) std::this_thread::sleep_for(milliseconds{1});
    // A machine that is busy may hold one of them up.
    EXPECT_LE(pool.threads_that_worked(), 8);
  }
  EXPECT_EQ(done, 1'000);
}

TEST(Turns, others_go_on_while_threads_are_held_up) {
  std::latch held_up{10};
  std::latch go_on{1};
  std::atomic<int> begun = 0;
  std::atomic<int> done = 0;
  Pool pool(16, 2, [&] {
    if (begun++ < 10) {
      held_up.count_down();
      go_on.wait();
    }
    ++done;
  });
  pool.give(10);
  held_up.wait();
  pool.give(5);
  while (done < 5) std::this_thread::sleep_for(milliseconds{1});
  go_on.count_down();
  while (done < 15) std::this_thread::sleep_for(milliseconds{1});
}

TEST(Turns, work_that_comes_after_a_long_rest_is_watched_as_well) {
  std::latch held_up{2};
  std::latch go_on{1};
  std::atomic<int> begun = 0;
  std::atomic<int> done = 0;
  Pool pool(4, 2, [&] {
    if (begun++ < 2) {
      held_up.count_down();
      go_on.wait();
    }
    ++done;
  });
  std::this_thread::sleep_for(milliseconds{300});
  pool.give(3);
  held_up.wait();
  while (done < 1) std::this_thread::sleep_for(milliseconds{1});
  go_on.count_down();
  while (done < 3) std::this_thread::sleep_for(milliseconds{1});
}

TEST(Turns, end_lets_those_go_who_wait_for_a_turn) {
  Turns turns(2, 1);
  ASSERT_TRUE(turns.take(0));
  std::jthread second([&] { EXPECT_FALSE(turns.take(1)); });
  std::jthread watcher([&] { turns.watch(); });
  turns.end();
}

}  // namespace
}  // namespace modelkeep::http
