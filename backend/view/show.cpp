#include "view/show.h"

#include <chrono>

#include "view/repo_folder.h"
#include "view/repo_rows.h"
#include "view/repo_state.h"

namespace modelkeep::view {
namespace {

// A publisher holds it for its last transaction.
constexpr std::chrono::milliseconds kLockTimeout{30'000};

Result<> show(Files& files, const storage::Layout& layout, Repo repo) {
  TRY(keep_stored(files, layout, repo));
  if (repo.revisions.empty()) return take_away(files, layout, repo.folder);
  if (TRY(is_in_place(files, layout, repo))) return {};
  return put_in_place(files, layout, repo);
}

}  // namespace

Result<FileLock> lock_view(const storage::Layout& layout) {
  return FileLock::take(layout.lock("hf-cache"), kLockTimeout);
}

Result<> show_model(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                    std::string_view model_name, const FileLock& /*view*/) {
  auto repo = TRY(repo_of(db, model_name));
  if (!repo) return take_away(files, layout, storage::hf_cache_folder(model_name));
  return show(files, layout, std::move(*repo));
}

Result<> show_coming(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                     std::string_view model_name, const Coming& coming, const FileLock& /*view*/) {
  return show(files, layout, TRY(repo_with(db, model_name, coming)));
}

}  // namespace modelkeep::view
