#pragma once
// Many clients at once, each asking one thing after the other until they are told to stop, and an
// exact record of what they were answered.
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/guarded.h"
#include "tests/system/client.h"

namespace modelkeep::system_test {

/// Which request of which client.
struct Turn {
  int client = 0;
  std::int64_t number = 0;
};

struct LoadFigures {
  std::int64_t sent = 0;
  std::int64_t answered = 0;  ///< A whole answer came back, whatever it said.
  std::int64_t failed = 0;    ///< 5xx, or a connection that was accepted and gave no whole answer.
  std::int64_t refused = 0;   ///< Nobody listened.
  std::vector<Turn> well_answered;    ///< Whose answer was no 5xx.
  std::vector<std::string> failures;  ///< The first few, in words.
  std::vector<std::int64_t> latencies_ms;
};

class Load {
 public:
  /// One request of client `number`; it picks what it likes.
  using Ask = std::function<Answer(Client& client, int number, std::int64_t turn)>;

  Load(const std::string& url, int clients, Ask ask);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  std::int64_t answered() const { return answered_; }
  /// Stops everyone and adds up.
  LoadFigures stop();

 private:
  void run(int number, const std::string& url, const std::stop_token& stop);

  Ask ask_;
  std::atomic<std::int64_t> answered_ = 0;
  Guarded<LoadFigures> figures_;
  std::vector<std::jthread> threads_;
};

/// Reads of every kind, on models that need not exist.
Answer ask_a_mixture(Client& client, int number, std::int64_t turn);

/// The value below which the given share of them lies; 0 of none.
std::int64_t percentile(std::vector<std::int64_t> values, double share);

}  // namespace modelkeep::system_test
