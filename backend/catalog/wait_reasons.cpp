#include "catalog/wait_reasons.h"

namespace modelkeep::catalog {

WaitReason wait_reason_of(const Download& download, Time now, bool window_closed) {
  if (!waits(download)) return WaitReason::none;
  if (download.wait_reason != WaitReason::none && download.not_before.ms > now.ms)
    return download.wait_reason;
  if (window_closed) return WaitReason::window;
  return download.soonest_ahead.ms <= now.ms ? WaitReason::order : WaitReason::slot;
}

}  // namespace modelkeep::catalog
