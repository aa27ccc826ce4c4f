#pragma once
// What a fetcher writes while it brings a revision in. Every write carries the claim: when the row
// has another epoch, or a person paused, cancelled or deleted it meanwhile, the answer is
// `claim_lost` and nothing changed.
#include <optional>
#include <string>
#include <vector>

#include "catalog/downloads.h"

namespace modelkeep::catalog {

struct Claim {
  std::int64_t download_id = 0;
  std::int64_t epoch = 0;
};
void read_row(const sqlite::Row& row, Claim& claim);

/// One UPDATE ... RETURNING: the first queued one whose time has come is 'resolving', its epoch one
/// higher. The caller then takes the download's lock file; when that is held, wait_for().
Result<std::optional<Download>> claim_next_queued(sqlite::Connection& db, Time now);
/// Whether a claim would find one: a read, for the poll.
Result<bool> has_claimable(sqlite::Connection& db, Time now);
/// The same for the first that no plan was made for, without counting it as an attempt: to be
/// planned and put back by requeue() while others run.
Result<std::optional<Download>> claim_unplanned(sqlite::Connection& db, Time now);
Result<bool> has_unplanned(sqlite::Connection& db, Time now);

/// The same two for those that a client waits for at the hub door. They need no slot, and the two
/// above leave them alone.
Result<std::optional<Download>> claim_streaming(sqlite::Connection& db, Time now);
Result<bool> has_streaming(sqlite::Connection& db, Time now);
/// Grows when an asker wants more files: plan again. A narrow read, for who looks often.
Result<std::int64_t> wanted_version(sqlite::Connection& db, std::int64_t download_id);
/// Numbers of the files that someone waits for.
Result<std::vector<std::int64_t>> wanted_files(sqlite::Connection& db, std::int64_t download_id);

/// Rows that say someone works on them. Whose lock is free goes back by requeue().
Result<std::vector<Claim>> running_downloads(sqlite::Connection& db);
/// Its holder died; false when the row moved on meanwhile.
Result<bool> requeue(sqlite::Connection& db, const Claim& claim);

/// claim_lost when it is no longer ours. A read: the flag that a transfer looks at.
Result<> check_claim(sqlite::Connection& db, const Claim& claim);
Result<> move_to(sqlite::Connection& db, const Claim& claim, DownloadStatus status);

/// What upstream said of the repo.
struct ModelFacts {
  std::string commit;
  std::string canonical_name;
  std::string task;
  std::string license;
  std::string library;
  std::string format;
  std::string gated;  ///< "", "auto" or "manual".
};
Result<> save_facts(sqlite::Connection& db, const Claim& claim, const ModelFacts& facts);

struct PlannedFile {
  std::string path;
  std::int64_t size_bytes = 0;
  std::string sha256;  ///< Of LFS and Xet files.
  std::string git_oid;
  bool is_lfs = false;
};
struct Plan {
  std::vector<PlannedFile> files;
  bool complete = true;             ///< No file of upstream is left out.
  std::int64_t wanted_version = 1;  ///< Of the Download the patterns were read from.
};
/// Writes the file rows (those of an earlier plan with the same path, size and digest keep their
/// number and progress) and bytes_total. After it no sweep takes a blob that the plan names: look
/// for stored blobs then.
Result<std::vector<DownloadFile>> save_plan(sqlite::Connection& db, const Claim& claim,
                                            const Plan& plan);
Result<bool> blob_exists(sqlite::Connection& db, std::string_view sha256);
struct KnownBlob {
  std::string sha256;
  std::int64_t size_bytes = 0;
};
void read_row(const sqlite::Row& row, KnownBlob& blob);
/// The stored content of a git blob that some revision has. The size is asked for too: the oid of
/// an LFS file is that of its pointer, which is another size.
Result<std::optional<KnownBlob>> blob_of_git_oid(sqlite::Connection& db, std::string_view git_oid,
                                                 std::int64_t size_bytes);

struct FileProgress {
  int number = 0;
  std::int64_t bytes_done = 0;
  std::optional<std::int64_t> checkpoint_bytes;  ///< Only after fdatasync.
  std::optional<std::string> etag;
  std::optional<FileStatus> status;
};
struct Progress {
  std::int64_t bytes_done = 0;
  std::int64_t bytes_per_second = 0;
  std::optional<std::int64_t> eta_seconds;
  std::optional<int> stalled_tries;  ///< In a row that brought nothing; 0 while bytes come.
  std::vector<FileProgress> files;   ///< Those that moved.
};
Result<> save_progress(sqlite::Connection& db, const Claim& claim, const Progress& progress);
struct FileDigest {
  int number = 0;
  std::string sha256;
  std::string git_oid{};  ///< Where it was not known before.
};
/// Every byte of these files was hashed and checked. Before a blob gets its name on disk: so a
/// sweep knows it.
Result<> save_digests(sqlite::Connection& db, const Claim& claim,
                      const std::vector<FileDigest>& digests);

/// Back to queued until `not_before`, with the reason and its cause shown until the next claim.
/// `stalled_tries` is handed to that; a person's resume or retry clears it.
Result<> wait_for(sqlite::Connection& db, const Claim& claim, WaitReason reason, Time not_before,
                  int stalled_tries = 0, std::string_view cause = {});
/// For good, until someone retries. A model without a ready revision is 'failed' with it.
Result<> fail_download(sqlite::Connection& db, const Claim& claim, const Error& error, Time now);

}  // namespace modelkeep::catalog
