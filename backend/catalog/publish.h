#pragma once
// The transaction that says `ready`, and what the sweep asks before it takes a blob away.
#include <string>
#include <vector>

#include "catalog/queue.h"

namespace modelkeep::catalog {

struct PublishedFile {
  std::string path;
  std::int64_t size_bytes = 0;
  std::string sha256;
  std::string git_oid;
  std::optional<Time> verified_at;
};
struct Published {
  std::vector<PublishedFile> files;
  Integrity integrity = Integrity::verified;
};

/// After every byte is in its place: blobs, revision, files, ref, the model ready with its size,
/// the download ready. claim_lost as in queue.h; plan_stale when an asker widened the patterns
/// since the plan: plan again. The revision that was in the folder stays, in a folder of its own,
/// until someone removes it; only one without a commit goes.
Result<> publish(sqlite::Connection& db, const Claim& claim, const Published& published, Time now);

/// Whether the plan of a download leaves no file of upstream out.
Result<bool> plan_is_complete(sqlite::Connection& db, std::int64_t download_id);

struct Removal {
  std::int64_t id = 0;
  std::string kind;  ///< "model": its folder, other revisions and cache view; "revision": one
                     ///< commit; "staging".
  std::string model_id;
  std::string model_name;
  std::string commit;
  std::int64_t download_id = 0;
};
void read_row(const sqlite::Row& row, Removal& removal);

/// In order. The fetcher executes one (idempotently), then finish_removal().
Result<std::vector<Removal>> pending_removals(sqlite::Connection& db, int limit = 100);
/// Those of one model's folder: executed before anything is published there.
Result<std::vector<Removal>> pending_removals_of(sqlite::Connection& db, std::string_view model_id);
Result<> finish_removal(sqlite::Connection& db, std::int64_t id);

/// A read: whether the two below could find anything.
Result<bool> has_sweep_candidates(sqlite::Connection& db);
/// Candidates that no revision and no unfinished download names. Inside a write transaction, which
/// the caller holds until the files are unlinked and forget_blobs() has been called.
Result<std::vector<std::string>> unreferenced_blobs(sqlite::Connection& db, int limit = 1'000);
Result<> forget_blobs(sqlite::Connection& db, const std::vector<std::string>& sha256s);
/// Candidates that are still named are dropped from the list of candidates. Inside the same
/// transaction.
Result<> settle_candidates(sqlite::Connection& db);
/// Puts a blob file that was found on disk without a row up for the next sweep.
Result<> suspect_blob(sqlite::Connection& db, std::string_view sha256);

}  // namespace modelkeep::catalog
