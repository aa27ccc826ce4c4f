#pragma once
// Models: one row each, read with its counters. Read functions are for any thread with its own
// connection; those that write open their own write transaction.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "catalog/words.h"

namespace modelkeep::sqlite {
class Connection;
class Row;
}  // namespace modelkeep::sqlite

namespace modelkeep::catalog {

struct ModelStats {
  std::int64_t download_count = 0;
  std::int64_t access_count = 0;
  std::int64_t total_requests = 0;
  std::int64_t unique_users = 0;
  std::optional<Time> last_used_at;
};

struct Model {
  std::int64_t pk = 0;  ///< Never shown; what events carry.
  std::string id;
  std::string name;
  bool name_assumed =
      false;  ///< An adopted folder whose repo nobody has named yet: name is the id.
  std::string canonical_name;
  bool is_local = false;  ///< What its folder shows was imported or pushed: no hub has it.
  ModelStatus status = ModelStatus::downloading;
  Integrity integrity = Integrity::unverified;
  bool complete = false;
  std::string revision;
  std::string commit;        ///< Empty until resolved, and for adopted folders.
  std::string newer_commit;  ///< What the revision means upstream by now, where it is another.
  std::optional<Time> newer_seen_at;  ///< When that was noticed.
  std::int64_t size_bytes = 0;
  std::string description;
  std::vector<std::string> tags;
  bool pinned = false;
  std::string task;
  std::string license;
  std::string library;
  std::string format;
  std::string gated;
  std::string first_downloaded_by;
  std::string first_downloaded_from;
  Time created_at;
  std::optional<Time> downloaded_at;
  std::int64_t version = 0;  ///< Grows with each change of the model, its revisions and their
                             ///< files, not with use: the ETag.
  ModelStats stats;
};
void read_row(const sqlite::Row& row, Model& model);

/// What of a model changes with use, and the version of all else: enough for who has read that
/// version before.
struct ModelUse {
  std::int64_t pk = 0;
  std::int64_t version = 0;
  ModelStats stats;
};

/// model_not_found when there is none. Ids are compared byte by byte.
Result<ModelUse> find_model_use(sqlite::Connection& db, std::string_view id);
Result<Model> find_model(sqlite::Connection& db, std::string_view id);
Result<std::optional<Model>> find_model_named(sqlite::Connection& db, std::string_view name);
Result<Model> find_model_by_pk(sqlite::Connection& db, std::int64_t pk);

struct ModelFile {
  std::string path;
  std::int64_t size_bytes = 0;
  std::string sha256;
  std::string git_oid;  ///< Empty when upstream gave none.
  std::optional<Time> verified_at;
};

void read_row(const sqlite::Row& row, ModelFile& file);

struct Revision {
  std::int64_t pk = 0;
  std::string commit;
  std::vector<std::string> refs;  ///< Names that resolve to it.
  std::int64_t size_bytes = 0;
  std::int64_t file_count = 0;
  bool complete = false;
  bool in_folder =
      false;  ///< What <mount>/<id>/ shows; the others lie in revisions/<id>/<commit>/.
  Time published_at;
};
void read_row(const sqlite::Row& row, Revision& revision);

/// Files of the revision in the model's folder, by path; empty before the first is ready.
Result<std::vector<ModelFile>> model_files(sqlite::Connection& db, std::int64_t model_pk);
Result<std::vector<ModelFile>> revision_files(sqlite::Connection& db, std::int64_t revision_pk);
/// One file of the folder's revision; file_not_found.
Result<ModelFile> find_model_file(sqlite::Connection& db, std::int64_t model_pk,
                                  std::string_view path);
/// Newest first.
Result<std::vector<Revision>> model_revisions(sqlite::Connection& db, std::int64_t model_pk);
/// What a branch, a tag or a commit means here; nullopt when no such revision is held.
Result<std::optional<Revision>> find_revision(sqlite::Connection& db, std::int64_t model_pk,
                                              std::string_view ref_or_commit);

struct ModelChange {
  std::optional<ModelStatus>
      status;  ///< ready or archived, and only on a model that is one of the two.
  std::optional<std::string> description;
  std::optional<std::vector<std::string>> tags;
  std::optional<bool> pinned;
  std::optional<std::int64_t> if_version;  ///< etag_mismatch when the row has another.
};
/// The model as it is then. field_invalid, state_conflict, etag_mismatch, model_not_found.
Result<Model> update_model(sqlite::Connection& db, std::string_view id, const ModelChange& change);

/// The rows go, the id is free at once, active downloads are cancelled, a removal tells a fetcher
/// what to take off the mount. The model as it was.
Result<Model> delete_model(sqlite::Connection& db, std::string_view id, Time now);

struct ShownFolder {
  std::int64_t model_pk = 0;
  std::string model_id;
  Integrity integrity = Integrity::unverified;
};
/// Every model with a revision in its folder.
Result<std::vector<ShownFolder>> shown_folders(sqlite::Connection& db);
/// What the Hub or a scrub found out: `integrity` of a model, 'missing' or 'corrupt' included.
Result<> set_integrity(sqlite::Connection& db, std::int64_t model_pk, Integrity integrity);

}  // namespace modelkeep::catalog
