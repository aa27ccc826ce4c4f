#pragma once
// What a worker may ask of a fetcher: one JSON object a line each way over run/fetch.sock. Of this
// folder it is the only header for rooms above.
#include <string>
#include <vector>

#include "base/result.h"

namespace modelkeep::fetch {

/// There is something in the queue: do not wait for the next look. Fetchers look each second
/// anyway, so a failure costs a second at most and nothing else.
Result<> ask_to_wake(const std::string& socket_path);

/// Executes the pending removals before it answers, for at most `timeout_ms`. unavailable when no
/// fetcher answered in time; they are executed later all the same.
Result<> ask_to_remove(const std::string& socket_path, int timeout_ms);

/// Asks upstream what a branch, tag or commit of a repo is and which files it holds, so that the
/// catalog can say (catalog/upstream_answers.h): the answer is there when this returns, a refusal
/// of upstream too. An error when no fetcher answered within `timeout_ms`; the answer may come
/// later.
Result<> ask_to_look_up(const std::string& socket_path, const std::string& repo,
                        const std::string& revision, int timeout_ms);

/// What asking for this model would mean.
struct PreviewQuestion {
  std::string model_name{};
  std::string revision{};
  std::vector<std::string> allow_patterns{};
  std::vector<std::string> ignore_patterns{};
};
/// The `preview` object as JSON. It takes the seconds that upstream takes; the errors are those of
/// a download's plan, and fetcher_unavailable.
Result<std::string> ask_for_preview(const std::string& socket_path,
                                    const PreviewQuestion& question);

}  // namespace modelkeep::fetch
