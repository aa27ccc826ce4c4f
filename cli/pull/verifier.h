#pragma once
// Hashes parts while they grow, in threads of its own: each follows the first byte that is missing.
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/files.h"
#include "cli/pull/listing.h"

namespace modelkeep::cli::pull {

/// One part that grows. The receiver moves `frontier`, and the verifier reads up to it.
struct Growing {
  const Content* content = nullptr;
  std::string part{};
  std::size_t number = 0;  ///< Of the receiver's.
  std::atomic<std::uint64_t> frontier = 0;
};

struct Verdict {
  Growing* growing = nullptr;
  Result<bool> is_right = false;
};

class Verifier {
 public:
  /// `tell` is called from a thread whenever there is a verdict.
  Verifier(Files& files, unsigned threads, std::function<void()> tell);
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;
  ~Verifier();

  /// Must live until its verdict was taken, or the verifier ends.
  void follow(Growing& growing);
  /// Some frontier moved.
  void nudge();
  std::vector<Verdict> take();

 private:
  void work(const std::stop_token& stop);
  Result<bool> hash(const Growing& growing, const std::stop_token& stop);

  Files& files_;
  std::function<void()> tell_;
  std::mutex mutex_;
  std::condition_variable_any moved_;
  std::deque<Growing*> waiting_;
  std::vector<Verdict> verdicts_;
  std::vector<std::jthread> threads_;
};

}  // namespace modelkeep::cli::pull
