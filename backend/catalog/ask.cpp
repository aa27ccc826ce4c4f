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

Result<Asked> ask_for_model(sqlite::Connection& db, const Asking& asking, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  Asked asked;
  auto existing = TRY(find_or_name(db, asking));
  if (existing) {
    const bool there = TRY(is_there(db, *existing, asking));
    if (there) {
      asked.outcome = AskOutcome::already_there;
      asked.model = std::move(*existing);
      TRY(writing.commit());
      return asked;
    }
    if (existing->is_local) return no_hub_has_it();
    TRY(db.run(kSetRevision, existing->pk, asking.revision));
    asked.model = TRY(find_model_by_pk(db, existing->pk));
  } else {
    asked.model = TRY(create_model(db, asking, now));
  }
  TRY(enqueue(db, asking, now, asked));
  TRY(writing.commit());
  return asked;
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
