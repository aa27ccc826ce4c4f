#include "view/follow.h"

#include <set>
#include <string>

#include "base/log.h"
#include "catalog/stored.h"
#include "storage/folder_list.h"
#include "storage/mount.h"
#include "view/show.h"

namespace modelkeep::view {
namespace {

/// One at a time, so that a publisher waits for one model at most.
Result<> look_at(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                 const std::string& model_name) {
  const FileLock view = TRY(lock_view(layout));
  return show_model(db, files, layout, model_name, view);
}

Result<> take_strays_away(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                          const std::set<std::string>& wanted) {
  for (const std::string& folder : TRY(storage::list_folder(layout.hf_cache_dir()))) {
    const auto name = storage::parse_hf_cache_folder(folder);
    // Rows are asked once more under the lock: it may have come since they were listed.
    if (name && !wanted.contains(folder)) TRY(look_at(db, files, layout, *name));
  }
  return {};
}

}  // namespace

Result<> follow_rows(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                     Seen& seen) {
  TRY(storage::check_mount(files, layout));
  std::set<std::string> wanted;
  for (const catalog::StoredVersion& model : TRY(catalog::stored_versions(db))) {
    wanted.insert(storage::hf_cache_folder(model.name));
    const auto known = seen.find(model.pk);
    if (known != seen.end() && known->second == model.version) continue;
    if (const auto looked = look_at(db, files, layout, model.name); !looked)
      log::failure("view.failed", looked.error(), {{"model", model.name}});
    seen[model.pk] = model.version;
  }
  return take_strays_away(db, files, layout, wanted);
}

Result<> sweep_asides(Files& files, const storage::Layout& layout) {
  for (const std::string& name : TRY(storage::list_folder(layout.staging_root()))) {
    const auto folder = storage::parse_hf_cache_aside(name);
    if (!folder) continue;
    // Whoever holds it is building one this moment.
    const auto view = FileLock::try_take(layout.lock("hf-cache"));
    if (!view) return {};
    TRY(storage::remove_tree(files, layout.hf_cache_aside(*folder)));
  }
  return {};
}

}  // namespace modelkeep::view
