#include "api/revisions.h"

#include <array>
#include <string>
#include <utility>

#include "api/download_wire.h"
#include "api/long_pool.h"
#include "api/model_wire.h"
#include "api/space_check.h"
#include "catalog/ask.h"
#include "catalog/names.h"
#include "catalog/revisions.h"

namespace modelkeep::api {
namespace {

Result<catalog::Model> find_model(Call& call, sqlite::Connection& db) {
  auto model = TRY(catalog::find_model(db, call.params.first));
  call.model_pk = model.pk;
  return model;
}

Result<http::Response> list_revisions(Call& call) {
  TRY(catalog::check_model_id(call.params.first));
  sqlite::Connection& db = *TRY(database(call));
  const catalog::Model model = TRY(find_model(call, db));
  call.counts = usage::Counts::access;
  const auto revisions = TRY(catalog::model_revisions(db, model.pk));
  json::Writer out;
  out.begin_object().member("success", true).key("revisions").begin_array();
  for (const catalog::Revision& revision : revisions) {
    out.value(RevisionWire{revision, model.id, call.services.mount});
  }
  out.end_array().member("total", revisions.size()).end_object();
  return http::json_response(out.take());
}

Result<http::Response> delete_revision(Call& call) {
  TRY(catalog::check_model_id(call.params.first));
  TRY(catalog::check_revision(call.params.rest));
  sqlite::Connection& db = *TRY(database(call));
  const catalog::Model model = TRY(find_model(call, db));
  TRY(catalog::delete_revision(db, model, call.params.rest, call.services.clock.now()));
  call.counts = usage::Counts::access;
  call.changed_state = true;
  call.services.remove_pending();
  json::Writer out;
  out.begin_object()
      .member("success", true)
      .member("message", "Revision deleted successfully")
      .end_object();
  return http::json_response(out.take());
}

std::string_view message_of(const catalog::Asked& asked) {
  return asked.outcome == catalog::AskOutcome::joined ? "Update is already on its way"
                                                      : "Update queued";
}

Result<http::Response> refresh_model(Call& call) {
  TRY(catalog::check_model_id(call.params.first));
  const auto body = TRY(optional_body_as<CallerBody>(call));
  TRY(name_caller(call, body.username));
  sqlite::Connection& db = *TRY(database(call));
  TRY(find_model(call, db));
  if (!call.services.is_long_pool) return hand_to_long_pool(call);
  const catalog::Caller caller{.username = call.username,
                               .ip_address = std::string(call.request.remote_address),
                               .may_queue_again = [&](const catalog::Download& failed) {
                                 return require_space(call, db, failed);
                               }};
  catalog::Asked asked =
      TRY(catalog::ask_for_update(db, call.params.first, caller, call.services.clock.now()));
  call.counts = usage::Counts::access;
  call.changed_state = true;
  if (asked.outcome == catalog::AskOutcome::queued) {
    const bool heard = call.services.wake_fetchers();
    if (heard) TRY(await_fit(call, db, asked));
  }
  const std::string where = "/api/downloads/" + std::to_string(asked.download->id);
  json::Writer out;
  out.begin_object().member("success", true).member("message", message_of(asked));
  out.member("download", TRY(with_parts(call, db, std::move(*asked.download))));
  out.member("model", ModelWire{asked.model, call.services.mount}).end_object();
  http::Response response = http::json_response(out.take(), 202);
  response.headers.push_back({"Location", where});
  return response;
}

using auth::Scope;
constexpr std::array kRoutes{
    Route{"GET", "/api/models/{id}/revisions", Scope::read, Body::ignored, list_revisions,
          "list_revisions", "list_revisions", "The revisions of a model that are held."},
    Route{"DELETE", "/api/models/{id}/revisions/{commit...}", Scope::admin, Body::ignored,
          delete_revision, "delete_revision", "delete_revision",
          "Take away a revision that the model's folder does not show."},
    Route{"POST", "/api/models/{id}/update", Scope::download, Body::json, refresh_model,
          "refresh_model", "refresh_model", "Fetch what upstream has changed."},
};

}  // namespace

std::span<const Route> revision_routes() {
  return kRoutes;
}

}  // namespace modelkeep::api
