#include "fetch/import/import.h"

#include <filesystem>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/digest.h"
#include "base/error_codes.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "catalog/local_models.h"
#include "catalog/names.h"
#include "fetch/model_format.h"
#include "fetch/publish.h"
#include "fetch/reserve.h"
#include "storage/blob_store.h"
#include "storage/mount.h"

namespace modelkeep::fetch {
namespace {

// So many files, or bytes, are synced before their names are: one small file would cost a
// transaction and a folder's sync each.
constexpr std::size_t kBatchFiles = 64;
constexpr std::int64_t kBatchBytes = 256 << 20;
constexpr std::int64_t kShowEveryMs = 500;
constexpr mode_t kStagingPermissions = 0700;
constexpr std::size_t kCommitHex = 40;

tl::unexpected<Error> refuse(std::string_view code, std::string message) {
  return fail(ErrorKind::invalid, code, std::move(message));
}

bool lies_in(const std::filesystem::path& inner, const std::filesystem::path& outer) {
  const auto relative = inner.lexically_relative(outer);
  return !relative.empty() && *relative.begin() != "..";
}

/// The store is no source for itself, and a folder that lies on the mount as a model is adopted.
Result<> require_foreign(const std::string& folder, const storage::Layout& layout) {
  std::error_code error;
  const auto source = std::filesystem::canonical(folder, error);
  if (error) return refuse(codes::path_invalid, folder + " is not a folder.");
  const auto mount = std::filesystem::canonical(layout.mount(), error);
  const auto state = std::filesystem::weakly_canonical(layout.state_dir(), error);
  const bool is_ours = lies_in(mount, source) || lies_in(state, source) ||
                       lies_in(source, mount / ".modelkeep") || lies_in(source, state);
  if (is_ours) return refuse(codes::path_invalid, "The store cannot be imported into itself.");
  if (source.parent_path() != mount) return {};
  return refuse(codes::path_invalid,
                folder + " lies on the mount already; `modelkeepd adopt` takes it over there.");
}

Result<> require_order(const ImportOrder& order, const storage::Layout& layout) {
  TRY(catalog::check_repo_name(order.name));
  TRY(catalog::check_revision(order.revision));
  if (is_lower_hex(order.revision, kCommitHex)) {
    return refuse(codes::revision_invalid,
                  "--revision names a branch; the commit is given by the store.");
  }
  return require_foreign(order.folder, layout);
}

/// One import that holds its row and its lock.
class Import {
 public:
  Import(const Surroundings& around, sqlite::Connection& db, const ImportOrder& order,
         const SourceFolder& source, catalog::Download download,
         const std::function<void(std::int64_t, std::int64_t)>& progress)
      : around_(around),
        db_(db),
        order_(order),
        source_(source),
        download_(std::move(download)),
        claim_{download_.id, download_.epoch},
        blobs_(*around.files, around.config->layout),
        progress_(progress) {}

  Result<ImportReport> run() {
    TRY(plan());
    TRY(make_room());
    for (const catalog::DownloadFile& file : files_) TRY(take(file));
    TRY(flush());
    return publish_all();
  }

 private:
  const storage::Layout& layout() const { return around_.config->layout; }

  Result<> plan() {
    std::unordered_map<std::string, catalog::DownloadFile> earlier;
    for (auto& file : TRY(catalog::download_files(db_, download_.id)))
      earlier.emplace(file.path, std::move(file));
    catalog::Plan plan{.wanted_version = download_.wanted_version};
    for (const SourceFile& file : source_.files) {
      stamps_.emplace(file.path, file.stamp);
      // As LFS, since those rows are told apart by what they contain.
      catalog::PlannedFile planned{
          .path = file.path, .size_bytes = file.size_bytes, .is_lfs = true};
      const auto before = earlier.find(file.path);
      if (before != earlier.end() && before->second.etag == file.stamp &&
          before->second.status == catalog::FileStatus::ready) {
        planned.sha256 = before->second.sha256;
      }
      plan.files.push_back(std::move(planned));
    }
    files_ = TRY(catalog::save_plan(db_, claim_, plan));
    for (const SourceFile& file : source_.files) total_ += file.size_bytes;
    return {};
  }

  Result<> make_room() {
    TRY(around_.files->make_folders(layout().staging_dir(download_.id), kStagingPermissions));
    if (order_.taking == Taking::link) return {};
    for (const SourceFile& file : source_.files) {
      if (file.size_bytes == 0) continue;
      const OpenSource opened = TRY(open_named(file.path));
      if (can_clone(*around_.files, opened, layout().part(download_.id, 0))) return {};
      break;
    }
    return reserve_space(around_, db_, download_);
  }

  /// What was wrong with one file, with its name.
  Result<OpenSource> open_named(const std::string& path) {
    auto opened = open_file(source_.folder, path);
    if (!opened) opened.error().message = path + ": " + opened.error().message;
    return opened;
  }

  Result<> take(const catalog::DownloadFile& file) {
    if (!file.sha256.empty() && TRY(is_stored(file.sha256, file.size_bytes))) {
      ++report_.goes_on_with;
      return show(file.size_bytes);
    }
    OpenSource opened = TRY(open_named(file.path));
    if (opened.facts.stamp != stamps_[file.path] || opened.facts.size_bytes != file.size_bytes) {
      return fail(ErrorKind::conflict, codes::state_conflict,
                  file.path + ": it was changed meanwhile. Import again when nobody writes to it.");
    }
    const std::string staged = layout().part(download_.id, file.number);
    const TakenFile taken = TRY(take_file(*around_.files, opened, staged, order_.taking,
                                          [this](std::int64_t bytes) { return show(bytes); }));
    if (TRY(is_stored(taken.sha256, file.size_bytes))) {
      ++report_.stored_before;
    } else if (taken.cloned) {
      ++report_.shared;
    }
    digests_.push_back({file.number, taken.sha256, taken.git_oid});
    synced_.push_back({staged, taken.sha256, static_cast<std::uint64_t>(file.size_bytes)});
    ready_.push_back({.number = file.number,
                      .bytes_done = file.size_bytes,
                      .etag = opened.facts.stamp,
                      .status = catalog::FileStatus::ready});
    batch_bytes_ += file.size_bytes;
    if (synced_.size() < kBatchFiles && batch_bytes_ < kBatchBytes) return {};
    return flush();
  }

  Result<bool> is_stored(const std::string& sha256, std::int64_t size_bytes) {
    const auto found = TRY(blobs_.find(sha256));
    return found == static_cast<std::uint64_t>(size_bytes);
  }

  /// Rows name the content before it has a name among the blobs: so no sweep takes it.
  Result<> flush() {
    if (synced_.empty()) return {};
    TRY(catalog::save_digests(db_, claim_, digests_));
    TRY(blobs_.commit(synced_));
    TRY(catalog::save_progress(db_, claim_, {.bytes_done = done_, .files = ready_}));
    digests_.clear();
    synced_.clear();
    ready_.clear();
    batch_bytes_ = 0;
    return {};
  }

  /// Twice a second: how far it is, and whether it is still wanted.
  Result<> show(std::int64_t bytes) {
    done_ += bytes;
    const std::int64_t now_ms = around_.clock->mono_ms();
    if (now_ms - shown_at_ms_ < kShowEveryMs) return {};
    shown_at_ms_ = now_ms;
    if (progress_) progress_(done_, total_);
    return catalog::save_progress(db_, claim_, {.bytes_done = done_});
  }

  Result<ImportReport> publish_all() {
    const auto files = TRY(catalog::download_files(db_, download_.id));
    std::vector<catalog::PlannedFile> content;
    std::vector<std::string> paths;
    for (const catalog::DownloadFile& file : files) {
      content.push_back({file.path, file.size_bytes, file.sha256, file.git_oid, file.is_lfs});
      paths.push_back(file.path);
      report_.size_bytes += file.size_bytes;
    }
    const std::string parent = TRY(parent_with(content));
    download_.commit =
        report_.is_same ? parent : catalog::local_commit(order_.name, parent, content);
    TRY(catalog::save_facts(
        db_, claim_, {.commit = download_.commit, .format = std::string(model_format(paths))}));
    TRY(catalog::move_to(db_, claim_, catalog::DownloadStatus::verifying));
    TRY(publish(around_, db_, download_, files));
    report_.model_id = download_.model_id;
    report_.commit = download_.commit;
    report_.files = static_cast<std::int64_t>(files.size());
    report_.path = download_.in_folder
                       ? layout().model_dir(download_.model_id)
                       : layout().revision_dir(download_.model_id, download_.commit);
    report_.left = source_.left;
    return std::move(report_);
  }

  /// The commit that the branch is at, and whether it has just these files.
  Result<std::string> parent_with(const std::vector<catalog::PlannedFile>& content) {
    if (!download_.model_pk) return std::string();
    const auto held = TRY(catalog::find_revision(db_, *download_.model_pk, download_.revision));
    if (!held) return std::string();
    std::unordered_map<std::string, std::string> before;
    for (const auto& file : TRY(catalog::revision_files(db_, held->pk)))
      before.emplace(file.path, file.sha256);
    report_.is_same = before.size() == content.size();
    for (const catalog::PlannedFile& file : content) {
      const auto found = before.find(file.path);
      if (found == before.end() || found->second != file.sha256) report_.is_same = false;
    }
    return held->commit;
  }

  const Surroundings& around_;
  sqlite::Connection& db_;
  const ImportOrder& order_;
  const SourceFolder& source_;
  catalog::Download download_;
  catalog::Claim claim_;
  storage::BlobStore blobs_;
  const std::function<void(std::int64_t, std::int64_t)>& progress_;
  std::vector<catalog::DownloadFile> files_;
  std::unordered_map<std::string, std::string> stamps_;  // By path.
  std::vector<catalog::FileDigest> digests_;             // The batch.
  std::vector<storage::SyncedFile> synced_;
  std::vector<catalog::FileProgress> ready_;
  std::int64_t batch_bytes_ = 0;
  std::int64_t done_ = 0;
  std::int64_t total_ = 0;
  std::int64_t shown_at_ms_ = 0;
  ImportReport report_;
};

Error in_words(Error error) {
  if (error.code == codes::claim_lost)
    error.message = "The import was paused or cancelled meanwhile. Run it again to go on.";
  if (error.code == codes::lock_held)
    error.message = "An import into this model is running already.";
  return error;
}

}  // namespace

Result<ImportReport> import_folder(
    sqlite::Connection& db, Files& files, const storage::Layout& layout, Clock& clock,
    const ImportOrder& order,
    const std::function<void(std::int64_t done, std::int64_t total)>& progress) {
  TRY(require_order(order, layout));
  TRY(storage::check_writable(files, layout));
  const auto facts = TRY(storage::probe_mount(files, layout));
  const SourceFolder source = TRY(open_source(order.folder, facts.folds_case));
  FetcherConfig config{.layout = layout};
  config.reserve_now = [&order] { return order.reserve_bytes; };
  const Surroundings around{
      .config = &config, .files = &files, .clock = &clock, .folds_case = facts.folds_case};
  std::optional<FileLock> lock;
  const auto take_lock = [&](std::int64_t download_id) -> Result<> {
    lock = TRY(FileLock::try_take(layout.download_lock(download_id)));
    return {};
  };
  auto download = catalog::begin_import(
      db, {.name = order.name, .revision = order.revision, .username = order.username}, take_lock,
      clock.now());
  if (!download) return tl::unexpected{in_words(std::move(download).error())};
  auto done = Import(around, db, order, source, *download, progress).run();
  if (done) return done;
  Error error = in_words(std::move(done).error());
  // Its files that are in stay, so that the next try goes on.
  if (error.code != codes::claim_lost)
    static_cast<void>(
        catalog::fail_download(db, {download->id, download->epoch}, error, clock.now()));
  return tl::unexpected{std::move(error)};
}

}  // namespace modelkeep::fetch
