#pragma once
// One request on its way through the door, for the .cpp files of this room: what was asked, what it
// was found to be about, and what its usage event will say.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/stored.h"
#include "catalog/upstream_answers.h"
#include "http/query.h"
#include "hub/address.h"
#include "hub/door.h"

namespace modelkeep::hub {

struct Visit {
  const http::Request& request;
  const Services& services;
  const Database& database;
  const GiveBack& give_back;
  Address address = {};
  http::Query query = {};
  std::string prefix = {};  ///< "/hf", or nothing where the door is at the root.

  std::string_view action = "hub_unknown";
  std::string username{};
  std::optional<std::int64_t> model_pk = {};
  std::string commit = {};  ///< Of the revision that was found; also on the answer "no such file".
  bool changed_state = false;  ///< Its event must survive a power cut, as the change does.
  bool is_local = false;       ///< The model was pushed or imported: no hub has what it lacks.
  bool reads_file = false;     ///< A GET of a file: part of a download.
  bool from_upstream = false;  ///< Its bytes are fetched for this very reader.
  bool pushes = false;         ///< It is about what is here, whatever a hub has of the same name.
  /// Another pool answers, and counts.
  bool handed_over = false;
};

/// The model and the revision that the address names. Of what is not stored, or in part, there is
/// what upstream has of the same commit.
struct Stored {
  catalog::StoredModel model;  ///< pk 0 and named as asked for when nothing of it is stored.
  catalog::Revision revision;  ///< pk 0 likewise.
  std::string commit;
  std::optional<catalog::Listing> listing = {};
  /// Upstream has more of it than is stored, and cannot be asked what.
  bool may_have_more = false;
};
/// model_not_found, revision_not_found. Notes what it finds in the visit. With pull-through also
/// upstream_unreachable, and upstream_not_asked where another pool must answer.
Result<Stored> find_stored(Visit& visit, sqlite::Connection& db);
/// The model alone.
Result<std::optional<catalog::StoredModel>> find_model(Visit& visit, sqlite::Connection& db);

/// What the revision holds, by path: also what is not stored yet, without the digests that nobody
/// knows before.
Result<std::vector<catalog::ModelFile>> files_of(sqlite::Connection& db, const Stored& stored);

// pull_through.cpp
/// What upstream says of a repo that is not stored, or of more of one that is.
Result<Stored> find_upstream(Visit& visit, sqlite::Connection& db);
/// Adds what upstream has of a revision that is stored in part.
Result<> add_upstream(Visit& visit, sqlite::Connection& db, Stored& stored);
/// Whether what is not stored may come from upstream.
bool pulls(const Visit& visit);
/// "" for what this pool may answer itself, else where nginx passes the request on.
std::string_view pool_for(const Visit& visit, bool sends_bytes);
http::Response hand_over(Visit& visit, std::string_view pool);

/// "HEAD" and the long names of branches and tags are ways to write the short ones.
std::string_view short_name(std::string_view revision);

/// "http://host:5000/hf", as this client reached us.
std::string own_url(const Visit& visit);

// The calls, one .cpp for each that belong together.
Result<http::Response> model_info(Visit& visit);
Result<http::Response> list_models(Visit& visit);
Result<http::Response> tree(Visit& visit);
Result<http::Response> paths_info(Visit& visit);
Result<http::Response> refs(Visit& visit);
Result<http::Response> commits(Visit& visit);
Result<http::Response> resolve(Visit& visit);
Result<http::Response> raw(Visit& visit);
Result<http::Response> whoami(Visit& visit);
Result<http::Response> auth_check(Visit& visit);
Result<http::Response> manifest(Visit& visit);

// Pushing, in push/.
Result<http::Response> create_repo(Visit& visit);
Result<http::Response> delete_repo(Visit& visit);
Result<http::Response> validate_yaml(Visit& visit);
Result<http::Response> create_branch(Visit& visit);
Result<http::Response> delete_branch(Visit& visit);
Result<http::Response> create_tag(Visit& visit);
Result<http::Response> delete_tag(Visit& visit);
Result<http::Response> preupload(Visit& visit);
Result<http::Response> lfs_batch(Visit& visit);
Result<http::Response> lfs_object(Visit& visit);
Result<http::Response> lfs_part(Visit& visit);
Result<http::Response> lfs_complete(Visit& visit);
Result<http::Response> lfs_verify(Visit& visit);
Result<http::Response> commit(Visit& visit);
Result<http::Response> xet_token(Visit& visit);

}  // namespace modelkeep::hub
