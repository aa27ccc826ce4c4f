#include "catalog/revisions.h"

#include <utility>

#include "catalog/download_rows.h"
#include "catalog/sql_text.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kIsShown = R"(
  SELECT in_folder FROM revisions WHERE model_pk = ?1 AND commit_hash = ?2 AND ?2 <> '')";
constexpr std::string_view kDelete =
    "DELETE FROM revisions WHERE model_pk = ?1 AND commit_hash = ?2 AND in_folder = 0";
constexpr std::string_view kRemoveFolder = R"(
  INSERT INTO removals (kind, model_id, model_name, commit_hash, created_at)
  VALUES ('revision', ?1, ?2, ?3, ?4))";

// A complete revision stays complete: its selection is everything.
constexpr std::string_view kStoredSelections = R"(
  SELECT iif(r.complete, '', r.allow_patterns), iif(r.complete, '', r.ignore_patterns)
  FROM revisions r JOIN downloads d ON d.model_pk = r.model_pk
  WHERE d.id = ?1 AND r.commit_hash <> ''
    AND (r.commit_hash = ?2 OR (r.in_folder = 1 AND d.in_folder = 1)))";
constexpr std::string_view kWiden =
    "UPDATE downloads SET allow_patterns = ?3, ignore_patterns = ?4 ";

// Names that can move: a commit cannot, and nobody knows what an adopted folder is.
constexpr std::string_view kNextLookout = R"(
  SELECT m.pk, iif(m.canonical_name <> '', m.canonical_name, m.name), m.revision, m.commit_hash,
         coalesce(l.etag, '')
  FROM models m LEFT JOIN upstream_looks l ON l.model_pk = m.pk
  WHERE m.status = 'ready' AND m.name_assumed = 0 AND m.is_local = 0 AND m.commit_hash <> ''
    AND m.revision <> m.commit_hash
    AND coalesce(l.looked_at, m.downloaded_at) < ?1
    AND NOT EXISTS (SELECT 1 FROM downloads d WHERE d.model_pk = m.pk AND d.in_folder = 1
      AND d.status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing', 'paused'))
  ORDER BY coalesce(l.looked_at, m.downloaded_at), m.pk LIMIT 1)";
constexpr std::string_view kSaveLook = R"(
  INSERT INTO upstream_looks (model_pk, looked_at, etag)
  SELECT pk, ?2, ?3 FROM models WHERE pk = ?1
  ON CONFLICT (model_pk) DO UPDATE SET looked_at = excluded.looked_at, etag = excluded.etag)";
// Guarded by the commit that the look compared with: an update may have come in between.
constexpr std::string_view kSaveNewer = R"(
  UPDATE models SET newer_commit = iif(?3 = commit_hash, '', ?3), newer_seen_at = ?4,
         version = version + 1
  WHERE pk = ?1 AND commit_hash = ?2 AND newer_commit <> iif(?3 = commit_hash, '', ?3))";

constexpr std::string_view kLostFolders = R"(
  SELECT m.pk, m.id, r.pk FROM models m JOIN revisions r ON r.model_pk = m.pk AND r.in_folder = 1
  WHERE m.integrity = 'missing' ORDER BY m.pk)";
constexpr std::string_view kKeptRevisions = R"(
  SELECT r.pk, m.id, r.commit_hash FROM revisions r JOIN models m ON m.pk = r.model_pk
  WHERE r.in_folder = 0 AND r.commit_hash <> '' ORDER BY r.pk)";

}  // namespace

void read_row(const sqlite::Row& row, FileSelection& selection) {
  std::string allow;
  std::string ignore;
  row.read(allow, ignore);
  selection.allow = split_lines(allow);
  selection.ignore = split_lines(ignore);
}

Result<> delete_revision(sqlite::Connection& db, const Model& model, std::string_view commit,
                         Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  const auto is_shown = TRY(db.one<std::int64_t>(kIsShown, model.pk, commit));
  if (!is_shown) {
    return fail(ErrorKind::not_found, codes::revision_not_found,
                "The store has no such revision of this model.");
  }
  if (*is_shown != 0) {
    return fail(ErrorKind::conflict, codes::state_conflict,
                "This revision is what the model's folder shows. Update the model or delete it.");
  }
  TRY(db.run(kDelete, model.pk, commit));
  TRY(db.run(kRemoveFolder, model.id, model.name, commit, now));
  return writing.commit();
}

Result<Download> widen_to_stored(sqlite::Connection& db, const Claim& claim,
                                 std::string_view commit) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  Download download = TRY(find_download(db, claim.download_id));
  const FileSelection asked{download.allow_patterns, download.ignore_patterns};
  FileSelection wide = asked;
  for (const FileSelection& stored :
       TRY(db.all<FileSelection>(kStoredSelections, claim.download_id, commit))) {
    wide = widened(wide, stored);
  }
  if (!(wide == asked)) {
    TRY(db.run(kJoinedSql<kWiden, kWhereClaimed>, claim.download_id, claim.epoch,
               join_lines(wide.allow), join_lines(wide.ignore)));
    TRY(require_claimed(db));
    download = TRY(find_download(db, claim.download_id));
  }
  TRY(writing.commit());
  return download;
}

void read_row(const sqlite::Row& row, Lookout& lookout) {
  row.read(lookout.model_pk, lookout.name, lookout.revision, lookout.commit, lookout.etag);
}

Result<std::optional<Lookout>> next_lookout(sqlite::Connection& db, Time before) {
  return db.one<Lookout>(kNextLookout, before);
}

Result<> save_look(sqlite::Connection& db, const Lookout& lookout,
                   const std::optional<std::string>& commit, std::string_view etag, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kSaveLook, lookout.model_pk, now, etag));
  if (commit) TRY(db.run(kSaveNewer, lookout.model_pk, lookout.commit, *commit, now));
  return writing.commit();
}

void read_row(const sqlite::Row& row, LostFolder& folder) {
  row.read(folder.model_pk, folder.model_id, folder.revision_pk);
}

Result<std::vector<LostFolder>> lost_folders(sqlite::Connection& db) {
  return db.all<LostFolder>(kLostFolders);
}

void read_row(const sqlite::Row& row, KeptRevision& kept) {
  row.read(kept.revision_pk, kept.model_id, kept.commit);
}

Result<std::vector<KeptRevision>> kept_revisions(sqlite::Connection& db) {
  return db.all<KeptRevision>(kKeptRevisions);
}

}  // namespace modelkeep::catalog
