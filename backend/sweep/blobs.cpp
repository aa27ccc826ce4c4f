#include "sweep/blobs.h"

#include "base/log.h"
#include "catalog/publish.h"
#include "sqlite/transaction.h"
#include "storage/blob_store.h"
#include "storage/mount.h"

namespace modelkeep::sweep {
namespace {

// A transaction keeps every other writer waiting, so one holds few unlinks.
constexpr int kBlobsATime = 50;

Result<int> sweep_some(sqlite::Connection& db, storage::BlobStore& blobs) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  const auto unused = TRY(catalog::unreferenced_blobs(db, kBlobsATime));
  for (const std::string& sha256 : unused) TRY(blobs.remove(sha256));
  TRY(catalog::forget_blobs(db, unused));
  TRY(catalog::settle_candidates(db));
  TRY(writing.commit());
  return static_cast<int>(unused.size());
}

}  // namespace

Result<int> sweep_blobs(sqlite::Connection& db, Files& files, const storage::Layout& layout) {
  // Without the mount every unlink would seem done.
  TRY(storage::check_mount(files, layout));
  storage::BlobStore blobs(files, layout);
  // A read first: most rounds find nothing, and a transaction each second would be one too many.
  if (!TRY(catalog::has_sweep_candidates(db))) return 0;
  int swept = 0;
  while (true) {
    const int some = TRY(sweep_some(db, blobs));
    swept += some;
    if (some < kBlobsATime) break;
  }
  if (swept > 0) log::info("sweep.blobs", {{"count", swept}});
  return swept;
}

Result<int> suspect_stray_blobs(sqlite::Connection& db, Files& files,
                                const storage::Layout& layout) {
  int found = 0;
  for (const std::string& sha256 : TRY(storage::BlobStore(files, layout).list())) {
    if (TRY(catalog::blob_exists(db, sha256))) continue;
    // Nothing is lost by a wrong suspicion: the sweep asks the rows of unfinished downloads too.
    TRY(catalog::suspect_blob(db, sha256));
    ++found;
  }
  return found;
}

}  // namespace modelkeep::sweep
