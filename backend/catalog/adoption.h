#pragma once
// Rows for what was on the mount before the catalog knew of it. All but the reads run inside a
// write transaction, which adopt/ holds; nobody else calls them.
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "catalog/events.h"
#include "catalog/publish.h"

namespace modelkeep::catalog {

struct AdoptedModel {
  std::string id;
  std::string name;
  bool name_assumed =
      true;  ///< Nobody knows which repo it is: the first to ask for that id says it.
  bool complete = false;
  bool archived = false;
  std::string description;
  std::vector<std::string> tags;
  std::string first_downloaded_by;
  std::string first_downloaded_from;
  std::optional<Time> downloaded_at;
  std::int64_t download_count = 0;
  std::int64_t access_count = 0;
  std::vector<PublishedFile> files;  ///< Their blobs are in their places.
};

/// A ready model of integrity 'unverified' with a revision whose commit nobody knows; a row that
/// was asked for and has nothing ready takes the revision. state_conflict when its id or name is
/// taken. Its pk.
Result<std::int64_t> insert_adopted(sqlite::Connection& db, const AdoptedModel& model, Time now);

/// Of models that hold a revision.
Result<std::vector<std::string>> known_model_ids(sqlite::Connection& db);
/// By lower-case id.
Result<std::unordered_map<std::string, std::int64_t>> model_pks(sqlite::Connection& db);

/// To at least these numbers.
Result<> raise_counts(sqlite::Connection& db, std::int64_t model_pk, std::int64_t download_count,
                      std::int64_t access_count);

}  // namespace modelkeep::catalog
