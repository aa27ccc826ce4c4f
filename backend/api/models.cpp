#include "api/models.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/dispatch.h"
#include "api/download_wire.h"
#include "api/model_list.h"
#include "api/model_wire.h"
#include "base/text.h"
#include "catalog/names.h"
#include "sqlite/transaction.h"

namespace modelkeep::api {
namespace {

constexpr std::size_t kTagsMax = 64;
constexpr std::size_t kTagCharactersMax = 64;
// What PUT may not set: it is computed, or it is the identity.
constexpr std::array<std::string_view, 20> kComputedMembers{
    "id",           "name",          "canonical_name",
    "size_bytes",   "integrity",     "complete",
    "revision",     "commit",        "path",
    "task",         "downloaded_by", "downloaded_at",
    "created_at",   "stats",         "revisions",
    "download",     "files",         "update_available",
    "newer_commit", "newer_seen_at"};

Result<> settle(Call& call, sqlite::Connection& db) {
  usage::Pulse pulse = call.services.pulse;
  return usage::settle(db, call.services.drain, pulse, call.services.clock,
                       usage::Exactness::while_quiet);
}

http::Response model_answer(const Call& call, const catalog::Model& model) {
  json::Writer out;
  out.begin_object()
      .member("success", true)
      .member("model", ModelWire{model, call.services.mount})
      .end_object();
  http::Response response = http::json_response(out.take());
  response.headers.push_back({"ETag", etag_of(model)});
  return response;
}

/// The model up to its use, read from the database only when this version was not seen before.
/// Within a ReadTransaction, so that it is the version that `use` names.
Result<VersionedTexts::Text> known_text(Call& call, sqlite::Connection& db,
                                        const catalog::ModelUse& use) {
  VersionedTexts& texts = *call.services.model_texts;
  if (auto known = texts.find(use.pk, use.version)) return known;
  const catalog::Model model = TRY(catalog::find_model_by_pk(db, use.pk));
  return texts.keep(use.pk, use.version, text_before_use(model, call.services.mount));
}

Result<VersionedTexts::Text> known_files(Call& call, sqlite::Connection& db,
                                         const catalog::ModelUse& use) {
  VersionedTexts& texts = *call.services.file_texts;
  if (auto known = texts.find(use.pk, use.version)) return known;
  const auto files = TRY(catalog::model_files(db, use.pk));
  const auto revisions = TRY(catalog::model_revisions(db, use.pk));
  return texts.keep(use.pk, use.version,
                    text_of_files(files, revisions, call.params.first, call.services.mount));
}

Result<http::Response> list_models(Call& call) {
  const ModelListRequest wanted = TRY(parse_model_list(call.query));
  sqlite::Connection& db = *TRY(database(call));
  TRY(settle(call, db));
  // Many who look at the same page ask again and again while nothing changes.
  KeptAnswers& kept = call.thread.pages();
  const sqlite::Moment now = TRY(db.moment());
  if (const std::string* answer = kept.find(call.request.target, now)) {
    return http::json_response(*answer);
  }
  const auto moment = TRY(sqlite::ReadTransaction::begin(db));
  const catalog::ModelPage page = TRY(catalog::list_models(db, wanted.query));
  json::Writer out;
  out.begin_object().member("success", true).key("models").begin_array();
  std::string text;
  for (const catalog::ModelUse& use : page.models) {
    text = *TRY(known_text(call, db, use));
    append_use(text, use.stats);
    text += '}';
    out.raw(text);
  }
  out.end_array().member("total", page.total);
  if (page.next) out.member("next_cursor", catalog::cursor_text(wanted.query, *page.next));
  if (page.next && wanted.whole) out.member("truncated", true);
  out.end_object();
  kept.keep(call.request.target, out.view());
  return http::json_response(out.take());
}

Result<http::Response> get_model(Call& call) {
  TRY(catalog::check_model_id(call.params.first));
  sqlite::Connection& db = *TRY(database(call));
  TRY(settle(call, db));
  const auto moment = TRY(sqlite::ReadTransaction::begin(db));
  const catalog::ModelUse use = TRY(catalog::find_model_use(db, call.params.first));
  call.model_pk = use.pk;
  call.counts = usage::Counts::access;
  std::string text = *TRY(known_text(call, db, use));
  append_use(text, use.stats);
  text += *TRY(known_files(call, db, use));
  if (auto active = TRY(catalog::active_download(db, use.pk))) {
    json::Writer download;
    download.value(TRY(with_parts(call, db, std::move(*active))));
    text.append(R"(,"download":)").append(download.view());
  }
  text += '}';
  json::Writer out;
  out.begin_object().member("success", true).key("model").raw(text).end_object();
  http::Response response = http::json_response(out.take());
  response.headers.push_back({"ETag", etag_of(use.pk, use.version)});
  return response;
}

struct ModelUpdate {
  std::optional<std::string> status;
  catalog::ModelChange change;
  std::optional<std::string> username;
  std::string_view computed;  ///< The first member given that cannot be set.
};
void from_json(json::Reader& in, ModelUpdate& out) {
  in.optional("status", out.status)
      .optional("description", out.change.description)
      .optional("tags", out.change.tags)
      .optional("pinned", out.change.pinned)
      .optional("username", out.username);
  const auto* const found = std::find_if(kComputedMembers.begin(), kComputedMembers.end(),
                                         [&in](std::string_view name) { return in.has(name); });
  if (found != kComputedMembers.end()) out.computed = *found;
}

auto field_invalid(std::string message) {
  return fail(ErrorKind::invalid, codes::field_invalid, std::move(message));
}

bool is_tag(const std::string& tag) {
  const auto characters = utf8_code_points(tag);
  return characters && !characters->empty() && characters->size() <= kTagCharactersMax &&
         std::none_of(characters->begin(), characters->end(), is_control_or_bidi);
}

Result<> check_update(ModelUpdate& update) {
  if (!update.computed.empty()) {
    return field_invalid(std::string{update.computed} + " cannot be set; the store computes it.");
  }
  if (update.status) {
    update.change.status = catalog::parse_model_status(*update.status);
    if (update.change.status != catalog::ModelStatus::ready &&
        update.change.status != catalog::ModelStatus::archived) {
      return field_invalid("status can be set to ready or archived.");
    }
  }
  const auto& tags = update.change.tags;
  if (tags && (tags->size() > kTagsMax || !std::all_of(tags->begin(), tags->end(), is_tag))) {
    return field_invalid("tags are at most 64 texts of 1 to 64 printable characters.");
  }
  return {};
}

Result<http::Response> update_model(Call& call) {
  TRY(catalog::check_model_id(call.params.first));
  ModelUpdate update = TRY(body_as<ModelUpdate>(call));
  TRY(name_caller(call, update.username));
  TRY(check_update(update));
  sqlite::Connection& db = *TRY(database(call));
  const catalog::Model before = TRY(catalog::find_model(db, call.params.first));
  call.model_pk = before.pk;
  if (!call.request.if_match.empty()) {
    if (!etag_matches(call.request.if_match, before)) {
      return fail(ErrorKind::conflict, codes::etag_mismatch,
                  "The model has changed since it was read; read it again.");
    }
    update.change.if_version = before.version;
  }
  TRY(settle(call, db));
  const catalog::Model model = TRY(catalog::update_model(db, call.params.first, update.change));
  call.counts = usage::Counts::access;
  call.changed_state = true;
  return model_answer(call, model);
}

Result<http::Response> delete_model(Call& call) {
  TRY(catalog::check_model_id(call.params.first));
  TRY(call.query.flag("purge"));
  sqlite::Connection& db = *TRY(database(call));
  const catalog::Model model =
      TRY(catalog::delete_model(db, call.params.first, call.services.clock.now()));
  call.model_pk = model.pk;
  call.changed_state = true;
  // The rows are gone and the id is free; the folder follows at once where a fetcher listens.
  call.services.remove_pending();
  json::Writer out;
  out.begin_object()
      .member("success", true)
      .member("message", "Model deleted successfully")
      .end_object();
  return http::json_response(out.take());
}

using auth::Scope;
constexpr std::array kRoutes{
    Route{"GET", "/api/models", Scope::read, Body::ignored, list_models, "list_models", "list",
          "Models with their use."},
    Route{"GET", "/api/models/{id}", Scope::read, Body::ignored, get_model, "get_model", "get",
          "One model with its files."},
    Route{"PUT", "/api/models/{id}", Scope::admin, Body::json, update_model, "update_model",
          "update", "Change what people say about a model."},
    Route{"DELETE", "/api/models/{id}", Scope::admin, Body::ignored, delete_model, "delete_model",
          "delete", "Delete a model; bytes that others share stay."},
};

}  // namespace

std::span<const Route> model_routes() {
  return kRoutes;
}

}  // namespace modelkeep::api
