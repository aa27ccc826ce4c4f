#pragma once
// Answers on run/fetch.sock; the other side is fetch/ask.h.
#include <functional>
#include <stop_token>
#include <string>

#include "base/fd.h"
#include "base/result.h"
#include "fetch/ask.h"

namespace modelkeep::fetch {

struct Answers {
  std::function<void()> wake{};
  /// How many removals were executed.
  std::function<Result<int>()> remove_pending{};
  /// Called on a thread of its own, and on several at once.
  std::function<Result<std::string>(const PreviewQuestion& question)> preview{};
  /// The same: looks a revision of a repo up and keeps what upstream says.
  std::function<Result<>(const std::string& repo, const std::string& revision)> look_up{};
};

/// The thread's body. Short questions are answered one after the other within milliseconds; those
/// that wait for upstream beside them.
void listen_for_questions(const Fd& listener, const Answers& answers, std::stop_token stop);

}  // namespace modelkeep::fetch
