#pragma once
// One download from its claim to its end: plan, transfer, publish, and what an error on the way
// means for its row.
#include <stop_token>

#include "catalog/downloads.h"
#include "fetch/receiver.h"
#include "fetch/surroundings.h"

namespace modelkeep::fetch {

/// What becomes of a download that met an error; pure.
struct Verdict {
  enum class Action : std::uint8_t {
    leave,    ///< It is no longer ours, or someone stopped it: the row says what is right.
    requeue,  ///< We are stopping: another fetcher goes on at once.
    wait,     ///< Again later, by itself.
    fail,     ///< Until a person does something.
  };
  Action action = Action::fail;
  catalog::WaitReason reason = catalog::WaitReason::none;
  std::int64_t wait_ms = 0;
  int tries = 0;  ///< To be remembered: tries in a row that brought nothing.
};
Verdict judge(const RetryPolicy& policy, const Trouble& trouble, int tries_before, double random);

/// Runs it and settles its row. The caller holds its lock file and a slot. An error only when the
/// row could not be settled; it is then found by recovery.
Result<> run_job(const Surroundings& around, sqlite::Connection& db,
                 const catalog::Download& download, std::stop_token stop);

/// Writes into the row what an error means for it. As above.
Result<> settle_job(const Surroundings& around, sqlite::Connection& db,
                    const catalog::Download& download, const Trouble& trouble);

/// Only its plan: what it will fetch, how large that is, and whether it fits. Back in the queue
/// afterwards. The caller holds its lock file.
Result<> run_plan(const Surroundings& around, sqlite::Connection& db,
                  const catalog::Download& download, std::stop_token stop);

}  // namespace modelkeep::fetch
