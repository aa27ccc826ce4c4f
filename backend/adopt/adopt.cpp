#include "adopt/adopt.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "adopt/folder_scan.h"
#include "adopt/take_in.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "base/text.h"
#include "catalog/adoption.h"
#include "catalog/model_ids.h"
#include "catalog/names.h"
#include "catalog/settings.h"
#include "sqlite/transaction.h"
#include "storage/folder_list.h"

namespace modelkeep::adopt {
namespace {

constexpr std::string_view kOldDatabase = "models_db.json";
constexpr std::string_view kImportedSetting = "adopted.models_db";
constexpr std::uint64_t kOldDatabaseMax = 1ULL << 30;
constexpr std::size_t kUsesAtOnce = 10'000;

std::string old_database_path(const storage::Layout& layout) {
  return layout.mount() + '/' + std::string(kOldDatabase);
}

bool is_folder(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_directory(std::filesystem::symlink_status(path, error));
}

/// Folders at the top of the mount that the catalog does not know, by their lower-case id.
Result<std::vector<std::string>> unknown_folders(sqlite::Connection& db,
                                                 const storage::Layout& layout) {
  std::unordered_set<std::string> known;
  for (const std::string& id : TRY(catalog::known_model_ids(db))) known.insert(lower_ascii(id));
  std::vector<std::string> folders;
  for (std::string& name : TRY(storage::list_folder(layout.mount()))) {
    if (catalog::is_reserved_id(name)) continue;
    if (known.contains(lower_ascii(name)) || !is_folder(layout.mount() + '/' + name)) continue;
    folders.push_back(std::move(name));
  }
  return folders;
}

/// One run: what is known of the old database, and the report that grows.
class Run {
 public:
  Run(sqlite::Connection& db, Files& files, const storage::Layout& layout, Clock& clock,
      const Progress& progress)
      : db_(db), files_(files), layout_(layout), clock_(clock), progress_(progress) {}

  Result<Report> run() {
    TRY(read_old());
    for (const std::string& folder : TRY(unknown_folders(db_, layout_))) {
      const auto taken = take_folder(folder);
      if (taken) continue;
      if (is_final(taken.error())) return tl::unexpected{taken.error()};
      complain("folder " + folder, taken.error().message);
    }
    TRY(complain_of_missing_folders());
    TRY(import_uses());
    return std::move(report_);
  }

 private:
  /// The database or the disk as a whole: the next folder would fare no better.
  static bool is_final(const Error& error) {
    return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::no_space;
  }

  void complain(std::string what, std::string why) {
    report_.complaints.push_back({std::move(what), std::move(why)});
  }

  Result<> read_old() {
    const std::string path = old_database_path(layout_);
    if (!files_.stat(path)) return {};
    const std::string text = TRY(read_file(files_, path, kOldDatabaseMax));
    OldDatabase old = read_old_database(text);
    report_.complaints = std::move(old.complaints);
    uses_ = std::move(old.uses);
    for (OldModel& model : old.models) old_models_.emplace(lower_ascii(model.id), std::move(model));
    has_old_ = true;
    return {};
  }

  Result<> take_folder(const std::string& id) {
    TRY(catalog::check_model_id(id));
    progress_.folder(id);
    // Against a fetcher that publishes into this folder.
    const auto alone = TRY(FileLock::try_take(layout_.folder_lock(id)));
    const FolderContent content = TRY(scan_folder(layout_.model_dir(id)));
    for (const LeftFile& left : content.left) complain("folder " + id + ": " + left.path, left.why);
    for (const std::string& trace : content.traces) {
      // Read-only like all that may go when the folder is brought up to date.
      (void)files_.set_permissions(layout_.model_file(id, trace), 0444);
    }
    std::map<std::string, TakenFile> taken;
    for (const std::string& path : content.files) {
      auto file = take_in(files_, layout_, layout_.model_file(id, path), progress_.hashed);
      if (file) {
        taken.emplace(path, std::move(*file));
        continue;
      }
      if (is_final(file.error())) return tl::unexpected{file.error()};
      complain("folder " + id + ": " + path, file.error().message);
    }
    if (taken.empty()) {
      return fail(ErrorKind::invalid, codes::state_conflict, "it holds no file that can be used");
    }
    const bool has_all = content.left.empty() && taken.size() == content.files.size();
    return register_folder(id, taken, has_all);
  }

  Result<> register_folder(const std::string& id, const std::map<std::string, TakenFile>& taken,
                           bool has_all) {
    catalog::AdoptedModel model = described(id, has_all);
    auto writing = TRY(sqlite::WriteTransaction::begin(db_));
    AdoptedFolder adopted{id, model.name, static_cast<std::int64_t>(taken.size()), 0};
    for (const auto& [path, file] : taken) {
      TRY(ensure_blob(files_, layout_, layout_.model_file(id, path), file));
      model.files.push_back({path, file.size_bytes, file.sha256, file.git_oid, std::nullopt});
      adopted.size_bytes += file.size_bytes;
    }
    TRY(catalog::insert_adopted(db_, model, clock_.now()));
    TRY(writing.commit());
    log::info("adopt.folder",
              {{"id", id}, {"files", adopted.files}, {"bytes", adopted.size_bytes}});
    report_.folders.push_back(std::move(adopted));
    return {};
  }

  /// What the old database says of the folder; else its id is all there is.
  catalog::AdoptedModel described(const std::string& id, bool has_all) const {
    catalog::AdoptedModel model;
    model.id = id;
    model.name = id;
    const auto found = old_models_.find(lower_ascii(id));
    if (found == old_models_.end()) return model;
    const OldModel& old = found->second;
    if (!old.name.empty()) {
      model.name = old.name;
      model.name_assumed = false;
      model.complete = has_all && (old.status == "ready" || old.status == "archived");
    }
    model.archived = old.status == "archived";
    model.description = old.description;
    model.tags = old.tags;
    model.first_downloaded_by = old.downloaded_by;
    model.first_downloaded_from = old.downloaded_from;
    model.downloaded_at = old.downloaded_at;
    model.download_count = old.download_count;
    model.access_count = old.access_count;
    return model;
  }

  Result<> complain_of_missing_folders() {
    std::unordered_set<std::string> known;
    for (const std::string& id : TRY(catalog::known_model_ids(db_))) known.insert(lower_ascii(id));
    for (const auto& [id, model] : old_models_) {
      if (!known.contains(id)) {
        complain("models_db.json: model " + model.id,
                 "its folder is not on the mount or not usable");
      }
    }
    return {};
  }

  Result<> import_uses() {
    if (!has_old_) return {};
    const auto earlier = TRY(catalog::setting(db_, kImportedSetting));
    if (earlier) return {};
    // One transaction, however many: half of them imported could not be told from all of them.
    auto writing = TRY(sqlite::WriteTransaction::begin(db_));
    const auto pks = TRY(catalog::model_pks(db_));
    std::stable_sort(uses_.begin(), uses_.end(),
                     [](const OldUse& a, const OldUse& b) { return a.at < b.at; });
    catalog::EventNumbers numbers;
    std::vector<catalog::Event> events;
    for (const OldUse& use : uses_) {
      events.push_back(event_of(use, pks));
      if (events.size() < kUsesAtOnce) continue;
      TRY(catalog::add_events(db_, numbers, events));
      events.clear();
    }
    TRY(catalog::add_events(db_, numbers, events));
    TRY(raise_counts(pks));
    TRY(catalog::put_setting(db_, kImportedSetting, std::to_string(uses_.size()), "adopt",
                             clock_.now()));
    TRY(writing.commit());
    report_.uses = static_cast<std::int64_t>(uses_.size());
    return {};
  }

  catalog::Event event_of(const OldUse& use,
                          const std::unordered_map<std::string, std::int64_t>& pks) const {
    catalog::Event event;
    event.at = std::clamp(use.at, Time{0}, clock_.now());
    event.action = use.action;
    event.username = use.username;
    event.ip_address = use.ip_address;
    const auto found = pks.find(lower_ascii(use.model_id));
    if (found == pks.end()) return event;
    event.model_pk = found->second;
    if (use.action == "list") return event;
    event.counts = use.action == "download" ? catalog::Counts::download : catalog::Counts::access;
    return event;
  }

  /// The old server may have dropped records and kept the numbers.
  Result<> raise_counts(const std::unordered_map<std::string, std::int64_t>& pks) {
    for (const auto& [id, model] : old_models_) {
      const auto found = pks.find(id);
      if (found == pks.end()) continue;
      TRY(catalog::raise_counts(db_, found->second, model.download_count, model.access_count));
    }
    return {};
  }

  sqlite::Connection& db_;
  Files& files_;
  const storage::Layout& layout_;
  Clock& clock_;
  const Progress& progress_;
  std::map<std::string, OldModel> old_models_;  // By lower-case id.
  std::vector<OldUse> uses_;
  bool has_old_ = false;
  Report report_;
};

}  // namespace

Result<Waiting> find_waiting(sqlite::Connection& db, const storage::Layout& layout) {
  Waiting waiting;
  waiting.folders = TRY(unknown_folders(db, layout));
  std::error_code error;
  if (std::filesystem::is_regular_file(old_database_path(layout), error)) {
    const auto imported = TRY(catalog::setting(db, kImportedSetting));
    waiting.has_old_database = !imported;
  }
  return waiting;
}

Result<Report> adopt(sqlite::Connection& db, Files& files, const storage::Layout& layout,
                     Clock& clock, const Progress& progress) {
  return Run(db, files, layout, clock, progress).run();
}

}  // namespace modelkeep::adopt
