#include "base/text.h"
#include "hub/facts.h"
#include "hub/visit.h"

namespace modelkeep::hub {
namespace {

bool is_set(const http::Query& query, std::string_view key) {
  const auto values = query.all(key);
  return !values.empty() && (equals_ignoring_case(values.back(), "true") || values.back() == "1");
}

}  // namespace

Result<http::Response> model_info(Visit& visit) {
  sqlite::Connection& db = *TRY(visit.database());
  const Stored stored = TRY(find_stored(visit, db));
  const catalog::Model model = TRY(catalog::find_model_by_pk(db, stored.model.pk));
  const auto files = TRY(catalog::revision_files(db, stored.revision.pk));
  const Facts facts{.model = model,
                    .id = model.canonical_name.empty() ? model.name : model.canonical_name,
                    .commit = stored.commit,
                    .modified_at = stored.revision.published_at,
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
