#pragma once
// Revisions that are kept beside each other: what a plan must not lose, what goes when a person
// says so, and what upstream has beyond them.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/queue.h"
#include "catalog/selections.h"

namespace modelkeep::catalog {

/// Of two columns: allow_patterns, ignore_patterns.
void read_row(const sqlite::Row& row, FileSelection& selection);

/// The revision that the model's folder shows; nullopt before the first is ready.
Result<std::optional<Revision>> shown_revision(sqlite::Connection& db, std::int64_t model_pk);

/// Frees what no other revision uses. state_conflict for the one in the folder, revision_not_found.
Result<> delete_revision(sqlite::Connection& db, const Model& model, std::string_view commit,
                         Time now);

/// Widens the patterns of a running download by what is stored of the same commit, and by what the
/// folder shows where it is to take the folder's place: nobody's file goes because someone else
/// asked for another. The download as it is then. claim_lost.
Result<Download> widen_to_stored(sqlite::Connection& db, const Claim& claim,
                                 std::string_view commit);

/// A model whose branch or tag is due to be looked at.
struct Lookout {
  std::int64_t model_pk = 0;
  std::string name;      ///< As upstream calls it.
  std::string revision;  ///< As asked for.
  std::string commit;    ///< What the folder shows.
  std::string etag;
};
void read_row(const sqlite::Row& row, Lookout& lookout);

/// The one that was looked at longest ago, if that was before `before`. Commits, adopted folders
/// and models that an update is on its way for are never due.
Result<std::optional<Lookout>> next_lookout(sqlite::Connection& db, Time before);
/// `commit` is what the revision means upstream; nullopt when nothing was learned, which counts as
/// a look all the same.
Result<> save_look(sqlite::Connection& db, const Lookout& lookout,
                   const std::optional<std::string>& commit, std::string_view etag, Time now);

/// Models whose folder went missing, with what it should hold.
struct LostFolder {
  std::int64_t model_pk = 0;
  std::string model_id;
  std::int64_t revision_pk = 0;
};
void read_row(const sqlite::Row& row, LostFolder& folder);
Result<std::vector<LostFolder>> lost_folders(sqlite::Connection& db);

/// Revisions that have a folder of their own: all with a commit but those in the model's folder.
struct KeptRevision {
  std::int64_t revision_pk = 0;
  std::string model_id;
  std::string commit;
};
void read_row(const sqlite::Row& row, KeptRevision& kept);
Result<std::vector<KeptRevision>> kept_revisions(sqlite::Connection& db);

}  // namespace modelkeep::catalog
