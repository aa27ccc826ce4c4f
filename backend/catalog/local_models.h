#pragma once
// Models that come from here and not from a hub: imported out of a folder, or pushed by a client.
// Their downloads are rows like any other, which no fetcher asks upstream for.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "catalog/queue.h"

namespace modelkeep::catalog {

struct LocalAsking {
  std::string name;               ///< A valid repo name.
  std::string revision = "main";  ///< A branch.
  std::string username;
  std::string ip_address;
};

/// A download that this process claims at once, new or one that broke off. `take_lock` gets its id
/// inside the transaction and takes its lock file; an error of it leaves all as it was.
/// state_conflict for a model that a hub has, or whose revision someone else is bringing in.
Result<Download> begin_import(sqlite::Connection& db, const LocalAsking& asking,
                              const std::function<Result<>(std::int64_t download_id)>& take_lock,
                              Time now);

/// What a push makes of a branch: all of its files, whose content is staged or stored.
struct PushedRevision {
  std::string commit;
  std::string format;
  /// What the branch must be at, still; empty: there is no such model yet.
  std::string parent;
  std::vector<PlannedFile> files;  ///< Each with its sha256.
};
/// A queued download that a fetcher publishes; all files are named by it from now on. etag_mismatch
/// when the branch moved; state_conflict as above.
Result<Download> begin_push(sqlite::Connection& db, const LocalAsking& asking,
                            const PushedRevision& pushed, Time now);

/// The next pushed or broken-off one that waits, as claim_next_queued().
Result<std::optional<Download>> claim_local(sqlite::Connection& db, Time now);
Result<bool> has_local(sqlite::Connection& db, Time now);

/// state_conflict with the reason where no push or import may change this model.
Result<> require_local(sqlite::Connection& db, const Model& model);

/// Whether a file of this size and beginning is kept as git keeps texts, and not as an LFS object:
/// the rule for what is pushed and imported. Pure.
bool is_git_file(std::int64_t size_bytes, std::string_view beginning);

/// The commit that a revision gets which is made here: the same for the same files after the same
/// parent. Pure.
std::string local_commit(std::string_view model_name, std::string_view parent,
                         const std::vector<PlannedFile>& files);

}  // namespace modelkeep::catalog
