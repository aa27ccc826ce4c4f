#include "catalog/ask.h"

#include "base/digest.h"
#include "catalog/download_rows.h"
#include "catalog/model_ids.h"
#include "catalog/model_rows.h"
#include "catalog/model_search.h"
#include "catalog/queue_order.h"
#include "catalog/revisions.h"
#include "catalog/sql_text.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

// An adopted folder is named as its id; the first to ask for a name with that plain id says what it
// is.
constexpr std::string_view kFindAssumed = R"(
  SELECT pk FROM models WHERE id = ?1 AND name_assumed = 1 AND name = id)";
constexpr std::string_view kNameModel = R"(
  UPDATE models SET name = ?2, revision = ?3, version = version + 1 WHERE pk = ?1)";

constexpr std::string_view kInsertModel = R"(
  INSERT INTO models (id, name, status, revision, created_at, first_downloaded_by,
                      first_downloaded_from)
  VALUES (?1, ?2, 'downloading', ?3, ?4, ?5, ?6))";

// While nothing is ready and nothing runs, the last asker decides what the folder will show.
constexpr std::string_view kSetRevision = R"(
  UPDATE models SET revision = ?2, version = version + 1
  WHERE pk = ?1 AND status = 'failed' AND revision <> ?2)";

constexpr std::string_view kStoredSelection =
    "SELECT allow_patterns, ignore_patterns FROM revisions WHERE pk = ?1";

constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kUnfinished = R"(
  FROM downloads WHERE model_pk = ?1 AND revision = ?2 AND status NOT IN ('ready', 'cancelled')
  ORDER BY status = 'failed', id DESC LIMIT 1)";

constexpr std::string_view kHasActive = R"(
  SELECT count(*) FROM downloads
  WHERE model_pk = ?1 AND revision = ?2
    AND status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing', 'paused'))";

constexpr std::string_view kWiden = R"(
  UPDATE downloads SET allow_patterns = ?2, ignore_patterns = ?3,
         wanted_version = wanted_version + 1
  WHERE id = ?1 AND (allow_patterns <> ?2 OR ignore_patterns <> ?3))";
constexpr std::string_view kRaisePriority =
    "UPDATE downloads SET priority = ?2 WHERE id = ?1 AND priority < ?2";

constexpr std::string_view kWaitWhenFull =
    "UPDATE downloads SET waits_when_full = 1 WHERE id = ?1 AND waits_when_full = 0";

constexpr std::string_view kInsertDownload = R"(
  INSERT INTO downloads (model_pk, model_id, model_name, revision, status, priority, position,
                         allow_patterns, ignore_patterns, in_folder, waits_when_full, created_at)
  VALUES (?1, ?2, ?3, ?4, 'queued', ?5,
          (SELECT coalesce(max(position), 0) + 65536 FROM downloads
           WHERE status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing',
                            'paused')),
          ?6, ?7, ?8, ?9, ?10))";

constexpr std::int64_t kRestMs = 15'000;

// A plan that is made stays what it is; one that is to be made is of the commit the client was
// told.
constexpr std::string_view kStream = R"(
  UPDATE downloads SET streams = 1,
         pinned_commit = iif(planned_version = 0 AND pinned_commit = '', ?2, pinned_commit)
  WHERE id = ?1
    AND (streams = 0 OR (planned_version = 0 AND pinned_commit = '')))";
constexpr std::string_view kWantFile = R"(
  UPDATE download_files SET wanted = 1
  WHERE download_id = ?1 AND path = ?2 AND wanted = 0 AND status <> 'ready')";
constexpr std::string_view kFileOnItsWay = R"(
  SELECT d.status, d.wait_reason, d.error_code, d.error, coalesce(f.number, 0),
         coalesce(f.status = 'ready', 0), coalesce(f.sha256, ''), d.stalled_tries
  FROM downloads d LEFT JOIN download_files f ON f.download_id = d.id AND f.path = ?2
  WHERE d.id = ?1)";

constexpr std::string_view kAddAsker = R"(
  INSERT OR IGNORE INTO download_askers (download_id, username, ip_address, requested_at)
  SELECT ?1, ?2, ?3, ?4
  WHERE (SELECT count(*) FROM download_askers WHERE download_id = ?1) < ?5)";

/// What nobody but us can bring in.
tl::unexpected<Error> no_hub_has_it() {
  return fail(
      ErrorKind::conflict, codes::state_conflict,
      "The model was imported or pushed here, so there is no hub to fetch it from. Import or "
      "push what is missing.");
}

/// The model of that name; an adopted folder gets its name here.
Result<std::optional<Model>> find_or_name(sqlite::Connection& db, const Asking& asking) {
  auto named = TRY(find_model_named(db, asking.name));
  if (named) return named;
  const auto assumed = TRY(db.one<std::int64_t>(kFindAssumed, plain_id(asking.name)));
  if (!assumed) return std::optional<Model>{};
  TRY(db.run(kNameModel, *assumed, asking.name, asking.revision));
  TRY(index_model(db, *assumed));
  named = TRY(find_model_by_pk(db, *assumed));
  return named;
}

Result<Model> create_model(sqlite::Connection& db, const Asking& asking, Time now) {
  TRY(require_place_in_queue(db));
  const std::string id = TRY(free_id(db, asking.name));
  TRY(db.run(kInsertModel, id, asking.name, asking.revision, now, asking.username,
             asking.ip_address));
  const std::int64_t pk = db.last_insert_id();
  TRY(index_model(db, pk));
  return find_model_by_pk(db, pk);
}

Result<FileSelection> stored_selection(sqlite::Connection& db, const Revision& revision) {
  if (revision.complete) return FileSelection{};
  auto stored = TRY(db.one<FileSelection>(kStoredSelection, revision.pk));
  return std::move(stored).value_or(FileSelection{});
}

/// Whether everything that is asked for is ready. Which files match a pattern only upstream's list
/// can tell, so a partial revision satisfies only who asked in words that it was made from.
Result<bool> is_there(sqlite::Connection& db, const Model& model, const Asking& asking) {
  if (model.name_assumed) return false;
  const auto revision = TRY(find_revision(db, model.pk, asking.revision));
  if (!revision) return false;
  if (revision->complete) return true;
  if (asking.allow_patterns.empty() && asking.ignore_patterns.empty()) return false;
  const FileSelection stored = TRY(stored_selection(db, *revision));
  return covers(stored, {asking.allow_patterns, asking.ignore_patterns});
}

Result<std::int64_t> create_download(sqlite::Connection& db, const Model& model,
                                     const Asking& asking, Time now) {
  TRY(require_place_in_queue(db));
  TRY(db.run(kInsertDownload, model.pk, model.id, model.name, asking.revision,
             static_cast<int>(asking.priority.value_or(Priority::normal)),
             join_lines(asking.allow_patterns), join_lines(asking.ignore_patterns),
             model.revision == asking.revision, asking.waits_when_full, now));
  return db.last_insert_id();
}

/// Joins an unfinished download, or puts a failed one back in the queue.
Result<AskOutcome> join_download(sqlite::Connection& db, const Download& download,
                                 const Asking& asking) {
  const FileSelection wide = widened({download.allow_patterns, download.ignore_patterns},
                                     {asking.allow_patterns, asking.ignore_patterns});
  TRY(db.run(kWiden, download.id, join_lines(wide.allow), join_lines(wide.ignore)));
  if (asking.priority) {
    TRY(db.run(kRaisePriority, download.id, static_cast<int>(*asking.priority)));
    if (db.changes() > 0) TRY(put_fairly(db, download.id));
  }
  if (asking.waits_when_full) TRY(db.run(kWaitWhenFull, download.id));
  if (download.status != DownloadStatus::failed) {
    TRY(move_up_for(db, download.id, asking.username, asking.ip_address));
    return AskOutcome::joined;
  }
  TRY(require_place_in_queue(db));
  if (!asking.waits_when_full) TRY(asking.may_queue_again(download));
  TRY(queue_again(db, download));
  return AskOutcome::queued;
}

/// Joins the unfinished download of that revision, or makes one, and records the asker.
Result<> enqueue(sqlite::Connection& db, const Asking& asking, Time now, Asked& asked) {
  const auto unfinished = TRY(db.one<Download>(kJoinedSql<kSelect, kDownloadColumns, kUnfinished>,
                                               asked.model.pk, asking.revision));
  std::int64_t download_id = 0;
  if (unfinished) {
    download_id = unfinished->id;
    asked.outcome = TRY(join_download(db, *unfinished, asking));
  } else {
    download_id = TRY(create_download(db, asked.model, asking, now));
    asked.is_new = true;
  }
  TRY(db.run(kAddAsker, download_id, asking.username, asking.ip_address, now, kAskersMax));
  if (!unfinished) TRY(put_fairly(db, download_id));
  asked.download = TRY(find_download(db, download_id));
  asked.model = TRY(find_model_by_pk(db, asked.model.pk));
  return {};
}

bool is_commit(std::string_view revision) {
  constexpr std::size_t kCommitHexDigits = 40;
  return is_lower_hex(revision, kCommitHexDigits);
}

Result<> require_updatable(const Model& model) {
  if (model.is_local) return no_hub_has_it();
  if (model.status != ModelStatus::ready && model.status != ModelStatus::archived) {
    return fail(ErrorKind::conflict, codes::state_conflict,
                "The model is not ready yet; its download brings what upstream has.");
  }
  if (model.name_assumed) {
    return fail(ErrorKind::conflict, codes::state_conflict,
                "Nobody has said yet which repo this folder is; ask for the repo by its name.");
  }
  if (is_commit(model.revision)) {
    return fail(ErrorKind::conflict, codes::state_conflict,
                "The model was asked for as a commit, and a commit never changes.");
  }
  return {};
}

}  // namespace

Result<bool> would_queue(sqlite::Connection& db, const Asking& asking) {
  const auto moment = TRY(sqlite::ReadTransaction::begin(db));
  const auto model = TRY(find_model_named(db, asking.name));
  if (!model) return true;
  const bool there = TRY(is_there(db, *model, asking));
  if (there) return false;
  const auto active = TRY(db.one<std::int64_t>(kHasActive, model->pk, asking.revision));
  return active.value_or(0) == 0;
}

namespace {

Result<Asked> ask_within(sqlite::Connection& db, const Asking& asking, Time now) {
  Asked asked;
  auto existing = TRY(find_or_name(db, asking));
  if (existing) {
    const bool there = TRY(is_there(db, *existing, asking));
    if (there) {
      asked.outcome = AskOutcome::already_there;
      asked.model = std::move(*existing);
      return asked;
    }
    if (existing->is_local) return no_hub_has_it();
    TRY(db.run(kSetRevision, existing->pk, asking.revision));
    asked.model = TRY(find_model_by_pk(db, existing->pk));
  } else {
    asked.model = TRY(create_model(db, asking, now));
  }
  TRY(enqueue(db, asking, now, asked));
  return asked;
}

Result<std::optional<Download>> find_unfinished(sqlite::Connection& db, const Model& model,
                                                std::string_view revision) {
  return db.one<Download>(kJoinedSql<kSelect, kDownloadColumns, kUnfinished>, model.pk, revision);
}

/// Another commit of the revision is on its way, and one download brings one commit.
Result<bool> is_another_commit(sqlite::Connection& db, const Model& model,
                               const FileAsking& asking) {
  const auto unfinished = TRY(find_unfinished(db, model, asking.revision));
  if (!unfinished) return false;
  const std::string& brings =
      unfinished->commit.empty() ? unfinished->pinned_commit : unfinished->commit;
  return !brings.empty() && brings != asking.commit;
}

/// Clients try again at once, and upstream has no better bytes a moment later.
Result<> require_rest(sqlite::Connection& db, const Model& model, std::string_view revision,
                      Time now) {
  const auto unfinished = TRY(find_unfinished(db, model, revision));
  const bool failed = unfinished && unfinished->status == DownloadStatus::failed;
  if (!failed || now.ms - unfinished->finished_at.value_or(Time{}).ms >= kRestMs) return {};
  return fail(ErrorKind::unavailable, codes::download_failed,
              "Its download failed a moment ago: " + unfinished->error);
}

/// By name and not by pattern: what is stored of this commit, and the one file.
Result<std::vector<std::string>> files_to_hold(sqlite::Connection& db, const Model& model,
                                               const FileAsking& asking) {
  std::vector<std::string> patterns;
  if (const auto held = TRY(find_revision(db, model.pk, asking.commit))) {
    if (held->complete) return patterns;
    for (const ModelFile& file : TRY(revision_files(db, held->pk)))
      patterns.push_back(literal_pattern(file.path));
  }
  patterns.push_back(literal_pattern(asking.path));
  return patterns;
}

}  // namespace

Result<Asked> ask_for_model(sqlite::Connection& db, const Asking& asking, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  Asked asked = TRY(ask_within(db, asking, now));
  TRY(writing.commit());
  return asked;
}

Result<Asked> ask_for_file(sqlite::Connection& db, const FileAsking& asking, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  Asking wish{.name = asking.name,
              .revision = asking.revision,
              .allow_patterns = {literal_pattern(asking.path)},
              .username = asking.username,
              .ip_address = asking.ip_address};
  std::int64_t wanted_before = 0;
  if (const auto model = TRY(find_model_named(db, asking.name))) {
    if (TRY(is_another_commit(db, *model, asking))) wish.revision = asking.commit;
    TRY(require_rest(db, *model, wish.revision, now));
    wish.allow_patterns = TRY(files_to_hold(db, *model, asking));
    if (const auto known = TRY(find_unfinished(db, *model, wish.revision)))
      wanted_before = known->wanted_version;
  }
  Asked asked = TRY(ask_within(db, wish, now));
  if (asked.download) {
    TRY(db.run(kStream, asked.download->id, asking.commit));
    TRY(db.run(kWantFile, asked.download->id, asking.path));
    asked.download = TRY(find_download(db, asked.download->id));
    asked.is_first_wish =
        asked.outcome == AskOutcome::queued || asked.download->wanted_version != wanted_before;
  }
  TRY(writing.commit());
  return asked;
}

void read_row(const sqlite::Row& row, FileOnItsWay& file) {
  std::string status;
  std::string reason;
  row.read(status, reason, file.error_code, file.error, file.number, file.ready, file.sha256,
           file.stalled_tries);
  file.download_status = parse_download_status(status).value_or(DownloadStatus::failed);
  file.wait_reason = parse_wait_reason(reason).value_or(WaitReason::none);
}

Result<std::optional<FileOnItsWay>> find_file_on_its_way(sqlite::Connection& db,
                                                         std::int64_t download_id,
                                                         std::string_view path) {
  return db.one<FileOnItsWay>(kFileOnItsWay, download_id, path);
}

Result<Asked> ask_for_update(sqlite::Connection& db, std::string_view id, const Caller& caller,
                             Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  Asked asked;
  asked.model = TRY(find_model(db, id));
  TRY(require_updatable(asked.model));
  Asking asking{.name = asked.model.name,
                .revision = asked.model.revision,
                .username = caller.username,
                .ip_address = caller.ip_address,
                .may_queue_again = caller.may_queue_again};
  if (const auto shown = TRY(shown_revision(db, asked.model.pk))) {
    const FileSelection stored = TRY(stored_selection(db, *shown));
    asking.allow_patterns = stored.allow;
    asking.ignore_patterns = stored.ignore;
  }
  TRY(enqueue(db, asking, now, asked));
  TRY(writing.commit());
  return asked;
}

}  // namespace modelkeep::catalog
