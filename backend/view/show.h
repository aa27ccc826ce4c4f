#pragma once
// The HF-cache view, <mount>/.modelkeep/hf-cache: what a Hub client reads that is pointed at the
// mount (HF_HUB_CACHE) and told to stay offline. Names only: blobs are hard links to the store's,
// and everything follows from rows. Rooms that publish or take away call this; nobody else writes
// there.
#include <string>
#include <string_view>
#include <vector>

#include "base/file_lock.h"
#include "base/files.h"
#include "catalog/models.h"
#include "sqlite/connection.h"
#include "storage/layout.h"

namespace modelkeep::view {

/// Rows and view change together under it. Taken after a model's folder lock, before a write
/// transaction.
Result<FileLock> lock_view(const storage::Layout& layout);

/// Shows of this model what its rows call ready, and nothing when they call nothing ready.
Result<> show_model(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                    std::string_view model_name, const FileLock& view);

/// A revision whose bytes are all here and which one transaction is about to call ready.
struct Coming {
  std::string commit{};
  std::string revision{};  ///< As it was asked for.
  bool in_folder = false;
  bool complete = false;
  std::vector<catalog::ModelFile> files{};
};

/// Shows it beside what rows call ready. Whoever's transaction fails then calls show_model().
Result<> show_coming(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                     std::string_view model_name, const Coming& coming, const FileLock& view);

}  // namespace modelkeep::view
