#pragma once
// How many connections a transfer opens: more while they add throughput, fewer when the upstream
// throttles or breaks off. Pure functions: the transfer measures, these decide.
#include <cstdint>

namespace modelkeep::fetch {

/// What came of one short stretch of time.
struct Stretch {
  std::uint64_t bytes_per_second = 0;
  int connections = 0;  ///< That carried bytes.
  int throttled = 0;    ///< Answers that asked us to slow down: 429 and 503.
  int broken = 0;       ///< Connections that ended in any other failure.
};

struct Appetite {
  enum class Mood : std::uint8_t {
    growing,  ///< The last step up is being judged; another follows when it was worth it.
    content,  ///< Good as it is; a step up is tried once in a while.
    careful,  ///< Something broke: no step up for a while.
  };
  int target = 8;
  Mood mood = Mood::growing;
  /// Before the last step up: where to return when it brought nothing.
  int before = 0;
  std::uint64_t speed_before = 0;
  std::uint64_t speed_sum = 0;  ///< Of the stretches that count for the judgement.
  int stretches = 0;            ///< In this mood.
};

/// How often it is asked.
constexpr std::int64_t kStretchMs = 100;

/// After a stretch; never below 1 nor above `allowed`.
Appetite adapt(Appetite appetite, const Stretch& stretch, int allowed);

}  // namespace modelkeep::fetch
