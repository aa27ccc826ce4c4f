// refs and commits: what the store knows of a repo's history, which is what it holds.
#include "base/json.h"
#include "base/time_text.h"
#include "catalog/local_refs.h"
#include "hub/identity.h"
#include "hub/visit.h"

namespace modelkeep::hub {
namespace {

constexpr std::string_view kPullRequests = "refs/pr/";
constexpr std::string_view kConverts = "refs/convert/";

struct Ref {
  std::string name;
  std::string full_name;
  std::string commit;
};

void write_refs(json::Writer& out, std::string_view key, const std::vector<Ref>& refs) {
  out.key(key).begin_array();
  for (const Ref& ref : refs) {
    out.begin_object().member("name", ref.name).member("ref", ref.full_name);
    out.member("targetCommit", ref.commit).end_object();
  }
  out.end_array();
}

}  // namespace

Result<http::Response> refs(Visit& visit) {
  sqlite::Connection& db = *TRY(visit.database());
  const auto held = TRY(find_model(visit, db));
  std::vector<Ref> branches;
  std::vector<Ref> converts;
  std::vector<Ref> tags;
  std::vector<Ref> pull_requests;
  if (!held) {
    // What upstream calls main is all that clients need of a repo that is not stored.
    const Stored upstream = TRY(find_stored(visit, db));
    branches.push_back({"main", "refs/heads/main", upstream.commit});
  }
  const catalog::StoredModel model = held.value_or(catalog::StoredModel{});
  // By name, "main" first: llama.cpp takes the first branch where it finds no "main".
  for (const catalog::Ref& ref : TRY(catalog::model_refs(db, model.pk))) {
    const std::string commit = commit_or_stand_in(ref.commit, model.name, model.created_at);
    if (ref.name.starts_with(kPullRequests)) {
      pull_requests.push_back({ref.name.substr(kPullRequests.size()), ref.name, commit});
    } else if (ref.name.starts_with(kConverts)) {
      converts.push_back({ref.name.substr(kConverts.size()), ref.name, commit});
    } else if (ref.is_tag) {
      tags.push_back({ref.name, "refs/tags/" + ref.name, commit});
    } else {
      // Whether upstream calls it a branch or a tag, nobody noted.
      branches.push_back({ref.name, "refs/heads/" + ref.name, commit});
    }
  }
  json::Writer out;
  out.begin_object();
  write_refs(out, "branches", branches);
  write_refs(out, "converts", converts);
  write_refs(out, "tags", tags);
  if (!visit.query.all("include_prs").empty()) write_refs(out, "pullRequests", pull_requests);
  out.end_object();
  return http::json_response(out.take());
}

Result<http::Response> commits(Visit& visit) {
  sqlite::Connection& db = *TRY(visit.database());
  const Stored stored = TRY(find_stored(visit, db));
  // The one that is held: what came before it upstream, nobody here knows.
  json::Writer out;
  out.begin_array().begin_object();
  out.member("id", stored.commit).member("title", "Stored revision").member("message", "");
  out.key("authors").begin_array().end_array();
  const Time at =
      stored.revision.pk != 0 ? stored.revision.published_at : stored.listing->listed_at;
  out.member("date", rfc3339_ms(at)).end_object().end_array();
  http::Response response = http::json_response(out.take());
  response.headers.push_back({"X-Total-Count", "1"});
  return response;
}

}  // namespace modelkeep::hub
