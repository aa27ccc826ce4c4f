#include "catalog/upstream_answers.h"

#include <algorithm>
#include <array>

#include "base/error_codes.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kFindAnswer = R"(
  SELECT commit_hash, error_kind, error_code, error, etag, answered_at
  FROM upstream_answers WHERE repo = ?1 AND revision = ?2)";
constexpr std::string_view kSaveAnswer = R"(
  INSERT INTO upstream_answers (repo, revision, commit_hash, error_kind, error_code, error, etag,
                                answered_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
  ON CONFLICT (repo, revision) DO UPDATE SET commit_hash = excluded.commit_hash,
    error_kind = excluded.error_kind, error_code = excluded.error_code, error = excluded.error,
    etag = excluded.etag, answered_at = excluded.answered_at)";
constexpr std::string_view kRefsOf = R"(
  SELECT revision FROM upstream_answers
  WHERE repo = ?1 AND commit_hash = ?2 AND revision <> commit_hash
  ORDER BY revision <> 'main', answered_at DESC)";

constexpr std::string_view kFindListing = R"(
  SELECT pk, commit_hash, canonical_name, task, license, library, gated, listed_at
  FROM upstream_listings WHERE repo = ?1 AND commit_hash = ?2)";
constexpr std::string_view kFiles = R"(
  SELECT path, size_bytes, sha256, git_oid, is_lfs FROM upstream_files
  WHERE listing_pk = ?1 ORDER BY path)";
constexpr std::string_view kFile = R"(
  SELECT path, size_bytes, sha256, git_oid, is_lfs FROM upstream_files
  WHERE listing_pk = ?1 AND path = ?2)";
constexpr std::string_view kAddListing = R"(
  INSERT OR IGNORE INTO upstream_listings (repo, commit_hash, canonical_name, task, license,
                                           library, gated, listed_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))";
constexpr std::string_view kAddFile = R"(
  INSERT INTO upstream_files (listing_pk, path, size_bytes, sha256, git_oid, is_lfs)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6))";

constexpr std::string_view kPruneAnswers = "DELETE FROM upstream_answers WHERE answered_at < ?1";
constexpr std::string_view kPruneListings = R"(
  DELETE FROM upstream_listings WHERE listed_at < ?1
    AND NOT EXISTS (SELECT 1 FROM revisions r JOIN models m ON m.pk = r.model_pk
      WHERE r.commit_hash = upstream_listings.commit_hash AND m.name = upstream_listings.repo
        AND r.complete = 0)
    AND NOT EXISTS (SELECT 1 FROM downloads d WHERE d.model_name = upstream_listings.repo
      AND d.status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing', 'paused')))";
constexpr std::string_view kPruneReplaced = "DELETE FROM replaced_blobs WHERE replaced_at < ?1";

constexpr std::string_view kNoteReplaced = R"(
  INSERT INTO replaced_blobs (sha256, replaced_at) VALUES (?1, ?2)
  ON CONFLICT (sha256) DO UPDATE SET replaced_at = excluded.replaced_at)";
constexpr std::string_view kWasReplaced =
    "SELECT count(*) FROM replaced_blobs WHERE sha256 = ?1 AND replaced_at >= ?2";

/// A code is a constant, and the text of a column is none.
std::string_view known_code(std::string_view text) {
  constexpr std::array kKnown = {
      codes::upstream_auth_required,    codes::upstream_gated,
      codes::upstream_disabled,         codes::upstream_not_found,
      codes::revision_not_found,        codes::upstream_invalid,
      codes::upstream_rate_limited,     codes::upstream_dns_failed,
      codes::upstream_tls_failed,       codes::upstream_path_rejected,
      codes::upstream_unavailable,      codes::upstream_token_invalid,
      codes::upstream_changed,          codes::upstream_manifest_rejected,
      codes::upstream_redirect_refused,
  };
  const auto* const found = std::find(kKnown.begin(), kKnown.end(), text);
  return found == kKnown.end() ? codes::upstream_unavailable : *found;
}

}  // namespace

void read_row(const sqlite::Row& row, UpstreamAnswer& answer) {
  int kind = 0;
  std::string code;
  std::string error;
  row.read(answer.commit, kind, code, error, answer.etag, answer.answered_at);
  if (!code.empty())
    answer.error = Error{static_cast<ErrorKind>(kind), known_code(code), std::move(error), {}};
}

void read_row(const sqlite::Row& row, ListedFile& file) {
  row.read(file.path, file.size_bytes, file.sha256, file.git_oid, file.is_lfs);
}

void read_row(const sqlite::Row& row, Listing& listing) {
  row.read(listing.pk, listing.commit, listing.canonical_name, listing.task, listing.license,
           listing.library, listing.gated, listing.listed_at);
}

Result<std::optional<UpstreamAnswer>> find_upstream_answer(sqlite::Connection& db,
                                                           std::string_view repo,
                                                           std::string_view revision) {
  return db.one<UpstreamAnswer>(kFindAnswer, repo, revision);
}

Result<> save_upstream_answer(sqlite::Connection& db, std::string_view repo,
                              std::string_view revision, const UpstreamAnswer& answer) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  const Error none{ErrorKind::invalid, {}, {}, {}};
  const Error& error = answer.error ? *answer.error : none;
  TRY(db.run(kSaveAnswer, repo, revision, answer.commit, static_cast<int>(error.kind), error.code,
             error.message, answer.etag, answer.answered_at));
  return writing.commit();
}

Result<std::vector<std::string>> upstream_refs_of(sqlite::Connection& db, std::string_view repo,
                                                  std::string_view commit) {
  std::vector<std::string> names;
  TRY(db.each(
      kRefsOf, [&](const sqlite::Row& row) { names.emplace_back(row.text(0)); }, repo, commit));
  return names;
}

Result<std::optional<Listing>> find_listing(sqlite::Connection& db, std::string_view repo,
                                            std::string_view commit) {
  return db.one<Listing>(kFindListing, repo, commit);
}

Result<std::vector<ListedFile>> listed_files(sqlite::Connection& db, std::int64_t listing_pk) {
  return db.all<ListedFile>(kFiles, listing_pk);
}

Result<std::optional<ListedFile>> find_listed_file(sqlite::Connection& db, std::int64_t listing_pk,
                                                   std::string_view path) {
  return db.one<ListedFile>(kFile, listing_pk, path);
}

Result<> save_listing(sqlite::Connection& db, std::string_view repo, const Listing& listing,
                      const std::vector<ListedFile>& files) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kAddListing, repo, listing.commit, listing.canonical_name, listing.task,
             listing.license, listing.library, listing.gated, listing.listed_at));
  if (db.changes() > 0) {
    const std::int64_t pk = db.last_insert_id();
    for (const ListedFile& file : files) {
      TRY(db.run(kAddFile, pk, file.path, file.size_bytes, file.sha256, file.git_oid, file.is_lfs));
    }
  }
  return writing.commit();
}

Result<> prune_upstream_answers(sqlite::Connection& db, Time before) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kPruneAnswers, before));
  TRY(db.run(kPruneListings, before));
  TRY(db.run(kPruneReplaced, before));
  return writing.commit();
}

Result<> note_replaced(sqlite::Connection& db, std::string_view sha256, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kNoteReplaced, sha256, now));
  return writing.commit();
}

Result<bool> was_replaced_since(sqlite::Connection& db, std::string_view sha256, Time since) {
  const auto count = TRY(db.one<std::int64_t>(kWasReplaced, sha256, since));
  return count.value_or(0) > 0;
}

}  // namespace modelkeep::catalog
