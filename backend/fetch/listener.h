#pragma once
// Answers on run/fetch.sock; the other side is fetch/ask.h.
#include <functional>
#include <stop_token>

#include "base/fd.h"
#include "base/result.h"

namespace modelkeep::fetch {

struct Answers {
  std::function<void()> wake{};
  /// How many removals were executed.
  std::function<Result<int>()> remove_pending{};
};

/// The thread's body. One question at a time: each is answered within milliseconds.
void listen_for_questions(const Fd& listener, const Answers& answers, std::stop_token stop);

}  // namespace modelkeep::fetch
