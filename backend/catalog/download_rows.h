#pragma once
// Steps on download rows that several files of this room share. All run inside a write transaction.
#include <cstdint>
#include <string_view>
#include <vector>

#include "catalog/downloads.h"

namespace modelkeep::catalog {

/// In the order that read_row(Row, Download&) reads them.
inline constexpr std::string_view kDownloadColumns = R"(
  id, model_pk, model_id, model_name, revision, commit_hash, status, wait_reason, not_before,
  priority, epoch, attempts, stalled_tries, allow_patterns, ignore_patterns, wanted_version,
  in_folder, waits_when_full, space_reserved, plans_ahead, streams, pinned_commit, bytes_done,
  bytes_total, bytes_per_second, eta_seconds, error, error_code, created_at, finished_at, seq,
  source )";

/// Ends an UPDATE that only the holder of a claim may do: (?1, ?2) is the claim.
inline constexpr std::string_view kWhereClaimed = R"(
  WHERE id = ?1 AND epoch = ?2
    AND status IN ('resolving', 'downloading', 'verifying', 'publishing') )";

/// Fills `position` and `soonest_ahead` of the queued ones.
Result<> fill_positions(sqlite::Connection& db, std::vector<Download>& downloads);

/// claim_lost when the guarded UPDATE that ran last touched no row.
Result<> require_claimed(const sqlite::Connection& db);

/// queue_full when no further download may become active.
Result<> require_place_in_queue(sqlite::Connection& db);
/// To its fair place in the queue, with error, wait and speed cleared. The model leaves `failed`.
Result<> queue_again(sqlite::Connection& db, const Download& download);
/// Cancels what is unfinished, writes the removals, deletes the model.
Result<> remove_model_rows(sqlite::Connection& db, const Model& model, Time now);

}  // namespace modelkeep::catalog
