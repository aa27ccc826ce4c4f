#pragma once
// The job threads of one fetcher: as many as downloads may run at once, one more whenever the limit
// rises. When it falls, the downloads in the slots beyond it stop and go back into the queue.
#include <functional>
#include <map>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/guarded.h"
#include "base/result.h"

namespace modelkeep::fetch {

/// Which slots this process works in, and how to stop each. Any thread.
class SlotBook {
 public:
  /// For the download that runs in `slot` until leave().
  std::stop_source enter(int slot);
  void leave(int slot);
  void stop_from(int first_slot);

 private:
  Guarded<std::map<int, std::stop_source>> running_;
};

/// Looks at `limit` twice a second until `stop` and keeps at least as many threads, never fewer
/// than one. `hire` gives the body of one, which returns when `stop` is requested. Blocks until all
/// of them have ended.
void keep_crew(const std::function<int()>& limit, SlotBook& slots,
               const std::function<Result<std::function<void()>>()>& hire, std::stop_token stop);

}  // namespace modelkeep::fetch
