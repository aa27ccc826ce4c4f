#pragma once
// Requests a window, as upstream counts them: one quota for /api, one for what leads to files. Any
// thread.
#include <array>
#include <cstdint>
#include <string>

#include "base/guarded.h"
#include "tests/hub/message.h"
#include "tests/hub/target.h"

namespace modelkeep::standin {

class Quota {
 public:
  struct Limits {
    std::uint64_t api = 0;  ///< Requests a window; 0 means that nothing is refused.
    std::uint64_t resolvers = 0;
    std::int64_t window_s = 300;
  };
  explicit Quota(Limits limits) : limits_(limits) {}

  /// Counts a request and puts RateLimit and RateLimit-Policy on its answer; one too many becomes a
  /// 429.
  void apply(Call call, std::int64_t now_ms, Answer& answer);

 private:
  struct Window {
    std::int64_t began_ms = 0;
    std::uint64_t used = 0;
  };
  Limits limits_;
  Guarded<std::array<Window, 2>> windows_;
};

}  // namespace modelkeep::standin
