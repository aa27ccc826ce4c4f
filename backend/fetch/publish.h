#pragma once
// The last step: every byte is a blob; the folder is built aside, swapped in, and one transaction
// says `ready`. May be run again after a crash at any point of it.
#include <string>
#include <vector>

#include "catalog/queue.h"
#include "fetch/surroundings.h"

namespace modelkeep::fetch {

/// claim_lost when someone paused, cancelled or deleted meanwhile: the folder is then as it was.
/// plan_stale when more files were asked for. corrupt (checksum_mismatch) when a blob is not there:
/// plan again.
Result<> publish(const Surroundings& around, sqlite::Connection& db,
                 const catalog::Download& download,
                 const std::vector<catalog::DownloadFile>& files);

}  // namespace modelkeep::fetch
