// Repos, branches and tags: made and taken away.
#include "base/json.h"
#include "catalog/local_refs.h"
#include "hub/identity.h"
#include "hub/push/body.h"
#include "hub/push/push.h"

namespace modelkeep::hub {
namespace {

constexpr std::size_t kBodyMax = 64 * 1024;
constexpr std::size_t kYamlMax = 4 << 20;

struct RefBody {
  std::string starting_point;
  std::string tag;
};
void from_json(json::Reader& in, RefBody& out) {
  in.optional("startingPoint", out.starting_point).optional("tag", out.tag);
}

/// Made afresh it is a repo with one commit and no file, as the Hub makes one.
http::Response repo_answer(const Visit& visit, const std::string& name, bool is_new) {
  json::Writer out;
  out.begin_object().member("url", own_url(visit) + '/' + name);
  out.member("name", name).member("id", number_of(name));
  if (!is_new) out.member("error", "You already created this model repo");
  out.end_object();
  http::Response response = http::json_response(out.take(), is_new ? 200 : 409);
  if (!is_new) {
    response.headers.push_back({"X-Error-Code", "RepoExists"});
    response.headers.push_back({"X-Error-Message", "You already created this model repo"});
  }
  return response;
}

Result<RefBody> ref_body(const Visit& visit) {
  const std::string text = TRY(whole_body(visit.request, kBodyMax));
  if (text.empty()) return RefBody{};
  return json::parse<RefBody>(text);
}

http::Response done() {
  return http::json_response("{}");
}

}  // namespace

Result<http::Response> create_repo(Visit& visit) {
  const std::string text = TRY(whole_body(visit.request, kBodyMax));
  const auto body = TRY(json::parse<RepoBody>(text));
  const std::string name = TRY(repo_name_of(visit, body));
  sqlite::Connection& db = *TRY(visit.database());
  if (const auto there = TRY(catalog::find_model_named(db, name)); there && !there->commit.empty())
    return repo_answer(visit, name, false);
  const catalog::PushedRevision empty{.commit = catalog::local_commit(name, {}, {})};
  visit.changed_state = true;
  TRY(publish_pushed(visit, db, name, "main", empty));
  return repo_answer(visit, name, true);
}

Result<http::Response> delete_repo(Visit& visit) {
  const std::string text = TRY(whole_body(visit.request, kBodyMax));
  const auto body = TRY(json::parse<RepoBody>(text));
  const std::string name = TRY(repo_name_of(visit, body));
  sqlite::Connection& db = *TRY(visit.database());
  const auto model = TRY(catalog::find_model_named(db, name));
  if (!model) return fail(ErrorKind::not_found, codes::model_not_found, "Repository not found");
  visit.changed_state = true;
  visit.model_pk = model->pk;
  TRY(catalog::delete_model(db, model->id, visit.services.clock.now()));
  visit.services.push.remove_pending();
  return done();
}

/// The Hub checks the card here; we keep it as it is.
Result<http::Response> validate_yaml(Visit& visit) {
  TRY(whole_body(visit.request, kYamlMax));
  return http::json_response(R"({"errors":[],"warnings":[]})");
}

Result<http::Response> create_branch(Visit& visit) {
  const RefBody body = TRY(ref_body(visit));
  sqlite::Connection& db = *TRY(visit.database());
  visit.changed_state = true;
  TRY(catalog::add_ref(db, visit.address.repo, {.name = visit.address.revision},
                       body.starting_point.empty() ? "main" : body.starting_point,
                       visit.services.clock.now()));
  return done();
}

Result<http::Response> delete_branch(Visit& visit) {
  sqlite::Connection& db = *TRY(visit.database());
  visit.changed_state = true;
  TRY(catalog::remove_ref(db, visit.address.repo, visit.address.revision, false));
  return done();
}

Result<http::Response> create_tag(Visit& visit) {
  const RefBody body = TRY(ref_body(visit));
  sqlite::Connection& db = *TRY(visit.database());
  visit.changed_state = true;
  TRY(catalog::add_ref(db, visit.address.repo, {.name = body.tag, .is_tag = true},
                       visit.address.revision, visit.services.clock.now()));
  return done();
}

Result<http::Response> delete_tag(Visit& visit) {
  sqlite::Connection& db = *TRY(visit.database());
  visit.changed_state = true;
  TRY(catalog::remove_ref(db, visit.address.repo, visit.address.revision, true));
  return done();
}

/// Clients that upload by Xet alone ask for this and nothing else.
Result<http::Response> xet_token(Visit&) {
  return fail(ErrorKind::not_found, codes::route_not_found,
              "This store takes uploads by LFS: set HF_HUB_DISABLE_XET=1 and upload again.");
}

}  // namespace modelkeep::hub
