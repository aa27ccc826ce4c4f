#pragma once
// The private folder of one download, where its parts grow.
#include <vector>

#include "base/files.h"
#include "catalog/downloads.h"
#include "storage/layout.h"

namespace modelkeep::fetch {

/// Makes the folder, or brings an earlier one into a state from which every part may go on at its
/// end. Bytes written under this boot of the machine are all there, whatever was killed; after a
/// power cut only those up to the checkpoint are, so longer parts are cut.
Result<> prepare_staging(Files& files, const storage::Layout& layout, std::int64_t download_id,
                         const std::vector<catalog::DownloadFile>& plan);

}  // namespace modelkeep::fetch
