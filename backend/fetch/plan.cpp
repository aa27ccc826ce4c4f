#include "fetch/plan.h"

#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/error_codes.h"
#include "base/log.h"
#include "base/patterns.h"
#include "catalog/revisions.h"
#include "catalog/upstream_answers.h"
#include "fetch/model_format.h"
#include "fetch/reserve.h"
#include "storage/blob_store.h"
#include "storage/file_path.h"

namespace modelkeep::fetch {
namespace {

using catalog::DownloadFile;
using catalog::FileStatus;

std::string gated_word(const std::string& gated) {
  return gated == "auto" || gated == "manual" ? gated : "";
}

std::uint64_t bytes_left(const std::vector<DownloadFile>& files) {
  std::uint64_t left = 0;
  for (const DownloadFile& file : files) {
    if (file.status != FileStatus::ready)
      left += static_cast<std::uint64_t>(file.size_bytes - file.bytes_done);
  }
  return left;
}

// Names the content of files that only have a git digest where it is known, so that the rows keep a
// sweep from it.
Result<> name_known_content(sqlite::Connection& db, const catalog::Claim& claim,
                            std::vector<DownloadFile>& files) {
  std::vector<catalog::FileDigest> found;
  for (DownloadFile& file : files) {
    if (!file.sha256.empty()) continue;
    const auto known = TRY(catalog::blob_of_git_oid(db, file.git_oid, file.size_bytes));
    if (!known) continue;
    file.sha256 = known->sha256;
    found.push_back({file.number, known->sha256});
  }
  return found.empty() ? Result<>() : catalog::save_digests(db, claim, found);
}

// Only after the rows name the content: from then on no sweep takes a blob that is found here.
Result<> mark_stored(const Surroundings& around, sqlite::Connection& db,
                     const catalog::Claim& claim, std::vector<DownloadFile>& files) {
  TRY(name_known_content(db, claim, files));
  storage::BlobStore blobs(*around.files, around.config->layout);
  catalog::Progress progress;
  for (DownloadFile& file : files) {
    const auto stored = file.sha256.empty() ? std::nullopt : TRY(blobs.find(file.sha256));
    if (stored == static_cast<std::uint64_t>(file.size_bytes)) {
      file.status = FileStatus::ready;
      file.bytes_done = file.size_bytes;
    } else if (file.status == FileStatus::ready) {
      // A row may say so of a blob that was lost meanwhile.
      file.status = FileStatus::queued;
      file.bytes_done = file.checkpoint_bytes = 0;
    }
    progress.bytes_done += file.bytes_done;
    progress.files.push_back({.number = file.number,
                              .bytes_done = file.bytes_done,
                              .checkpoint_bytes = file.checkpoint_bytes,
                              .status = file.status});
  }
  return catalog::save_progress(db, claim, progress);
}

// The commit names its files, and each file is known by its digest: a source that lists another
// content under a known name is not believed in anything.
Result<> require_agreement(sqlite::Connection& db, const catalog::Download& download,
                           const Known& known, const upstream::Manifest& manifest) {
  const auto disagree = [](std::string cause) {
    return fail(ErrorKind::invalid, codes::upstream_manifest_rejected,
                "A mirror lists another content than the Hub.", std::move(cause));
  };
  if (manifest.info.commit != known.commit) return disagree("another commit");
  std::unordered_map<std::string_view, const upstream::File*> listed;
  for (const upstream::File& file : manifest.files) listed.emplace(file.path, &file);
  for (const DownloadFile& file : TRY(catalog::download_files(db, download.id))) {
    const auto found = listed.find(file.path);
    if (found == listed.end()) return disagree(file.path + " is missing");
    const upstream::File& other = *found->second;
    const bool same_digest =
        file.is_lfs ? other.sha256 == file.sha256 : other.git_oid == file.git_oid;
    if (other.is_lfs != file.is_lfs || !same_digest ||
        other.size_bytes != static_cast<std::uint64_t>(file.size_bytes)) {
      return disagree(file.path + " differs");
    }
  }
  return {};
}

// Of a commit that a client at the hub door was told of, the files are known.
Result<std::optional<upstream::Manifest>> known_manifest(sqlite::Connection& db,
                                                         const catalog::Download& download) {
  if (download.pinned_commit.empty()) return std::optional<upstream::Manifest>{};
  const auto listing = TRY(catalog::find_listing(db, download.model_name, download.pinned_commit));
  if (!listing) return std::optional<upstream::Manifest>{};
  upstream::Manifest manifest;
  manifest.info = {.canonical_name = listing->canonical_name,
                   .commit = listing->commit,
                   .task = listing->task,
                   .library = listing->library,
                   .license = listing->license,
                   .gated = listing->gated};
  for (catalog::ListedFile& file : TRY(catalog::listed_files(db, listing->pk))) {
    manifest.files.push_back({.path = std::move(file.path),
                              .size_bytes = static_cast<std::uint64_t>(file.size_bytes),
                              .git_oid = std::move(file.git_oid),
                              .sha256 = std::move(file.sha256),
                              .is_lfs = file.is_lfs});
  }
  return std::optional(std::move(manifest));
}

// What is stored of the commit stays. A download that clients wait for names each of those files:
// two patterns that say what to leave out can only be joined to everything.
Result<catalog::Download> widened(sqlite::Connection& db, const catalog::Download& asked_for,
                                  const std::string& commit) {
  if (asked_for.pinned_commit != commit)
    return catalog::widen_to_stored(db, {asked_for.id, asked_for.epoch}, commit);
  catalog::Download download = TRY(catalog::find_download(db, asked_for.id));
  if (download.allow_patterns.empty() || !download.model_pk) return download;
  const auto held = TRY(catalog::find_revision(db, *download.model_pk, commit));
  if (!held) return download;
  for (const catalog::ModelFile& file : TRY(catalog::revision_files(db, held->pk)))
    download.allow_patterns.push_back(catalog::literal_pattern(file.path));
  return download;
}

}  // namespace

Result<Selection> select_files(const upstream::Manifest& manifest,
                               const catalog::Download& download, bool portable) {
  std::vector<std::string> paths;
  for (const upstream::File& file : manifest.files) paths.push_back(file.path);
  TRY(storage::check_snapshot_paths(paths, portable));
  const upstream::ModelInfo& info = manifest.info;
  Selection selection;
  selection.plan.wanted_version = download.wanted_version;
  const Wanted wanted(download.allow_patterns, download.ignore_patterns);
  for (const upstream::File& file : manifest.files) {
    if (!wanted.has(file.path)) {
      selection.plan.complete = false;
      continue;
    }
    selection.plan.files.push_back({.path = file.path,
                                    .size_bytes = static_cast<std::int64_t>(file.size_bytes),
                                    .sha256 = file.sha256,
                                    .git_oid = file.git_oid,
                                    .is_lfs = file.is_lfs});
  }
  if (selection.plan.files.empty()) {
    return fail(ErrorKind::invalid, codes::nothing_to_fetch,
                manifest.files.empty() ? "The revision has no files."
                                       : "No file of the revision fits the patterns.");
  }
  selection.facts = {.commit = info.commit,
                     .canonical_name = info.canonical_name,
                     .task = info.task,
                     .license = info.license,
                     .library = info.library,
                     .format = std::string(model_format(paths)),
                     .gated = gated_word(info.gated)};
  return selection;
}

Result<Planned> make_plan(const Surroundings& around, sqlite::Connection& db, upstream::Hub& hub,
                          const catalog::Download& asked_for, const Known& known,
                          const std::function<bool()>& keep_going) {
  const catalog::Claim claim{asked_for.id, asked_for.epoch};
  auto listed = TRY(known_manifest(db, asked_for));
  const bool was_asked = !listed;
  if (was_asked) {
    const std::string& pinned =
        asked_for.pinned_commit.empty() ? asked_for.revision : asked_for.pinned_commit;
    listed = TRY(hub.list_revision(asked_for.model_name,
                                   known.commit.empty() ? pinned : known.commit, keep_going));
  }
  const upstream::Manifest& manifest = *listed;
  if (!known.commit.empty()) TRY(require_agreement(db, asked_for, known, manifest));
  const catalog::Download download = TRY(widened(db, asked_for, manifest.info.commit));
  const Selection selection = TRY(select_files(manifest, download, around.folds_case));
  TRY(catalog::save_facts(db, claim, selection.facts));
  Planned planned{.repo = manifest.info.canonical_name, .commit = manifest.info.commit};
  planned.was_asked = was_asked;
  planned.files = TRY(catalog::save_plan(db, claim, selection.plan));
  TRY(mark_stored(around, db, claim, planned.files));
  TRY(reserve_space(around, db, download));
  log::info("download.planned", {{"download", download.id},
                                 {"model", download.model_name},
                                 {"commit", planned.commit},
                                 {"files", planned.files.size()},
                                 {"bytes_left", bytes_left(planned.files)}});
  return planned;
}

}  // namespace modelkeep::fetch
