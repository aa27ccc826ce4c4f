#include "base/text.h"
#include "hub/facts.h"
#include "hub/visit.h"

namespace modelkeep::hub {
namespace {

bool is_set(const http::Query& query, std::string_view key) {
  const auto values = query.all(key);
  return !values.empty() && (equals_ignoring_case(values.back(), "true") || values.back() == "1");
}

/// One that is not stored has what upstream says of it.
Result<catalog::Model> model_of(sqlite::Connection& db, const Stored& stored,
                                const std::vector<catalog::ModelFile>& files) {
  if (stored.revision.pk != 0) return catalog::find_model_by_pk(db, stored.model.pk);
  const catalog::Listing& listing = *stored.listing;
  catalog::Model model;
  model.name = stored.model.name;
  model.canonical_name = listing.canonical_name;
  model.commit = listing.commit;
  model.task = listing.task;
  model.license = listing.license;
  model.library = listing.library;
  model.gated = listing.gated;
  model.created_at = listing.listed_at;
  for (const catalog::ModelFile& file : files) model.size_bytes += file.size_bytes;
  return model;
}

}  // namespace

Result<http::Response> model_info(Visit& visit) {
  sqlite::Connection& db = *TRY(visit.database());
  const Stored stored = TRY(find_stored(visit, db));
  const auto files = TRY(files_of(db, stored));
  const catalog::Model model = TRY(model_of(db, stored, files));
  const Facts facts{.model = model,
                    .id = model.canonical_name.empty() ? model.name : model.canonical_name,
                    .commit = stored.commit,
                    .modified_at = stored.revision.pk != 0 ? stored.revision.published_at
                                                           : stored.listing->listed_at,
                    .files = files,
                    .with_blobs = is_set(visit.query, "blobs")};
  std::vector<std::string> fields = visit.query.all("expand");
  if (fields.empty()) fields = info_fields();
  if (is_set(visit.query, "securityStatus")) fields.emplace_back("securityRepoStatus");
  json::Writer out;
  write_facts(out, facts, fields);
  http::Response response = http::json_response(out.take());
  response.headers.push_back({"X-Repo-Commit", stored.commit});
  return response;
}

}  // namespace modelkeep::hub
