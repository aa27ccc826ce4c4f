#include "api/preview.h"

#include <array>
#include <string>
#include <utility>

#include "api/long_pool.h"
#include "api/patterns.h"
#include "catalog/names.h"
#include "fetch/ask.h"

namespace modelkeep::api {
namespace {

Result<fetch::PreviewQuestion> question_of(const http::Query& query) {
  fetch::PreviewQuestion question;
  const auto name = TRY(query.get("model_name"));
  if (!name) {
    return fail(ErrorKind::invalid, codes::field_missing, "model_name is missing in the query.");
  }
  TRY(catalog::check_repo_name(*name));
  question.model_name = *name;
  question.revision = TRY(query.get("revision")).value_or("main");
  TRY(catalog::check_revision(question.revision));
  question.allow_patterns = query.all("allow_patterns");
  question.ignore_patterns = query.all("ignore_patterns");
  TRY(check_patterns("allow_patterns", question.allow_patterns));
  TRY(check_patterns("ignore_patterns", question.ignore_patterns));
  return question;
}

Result<http::Response> preview_model(Call& call) {
  const fetch::PreviewQuestion question = TRY(question_of(call.query));
  if (!call.services.is_long_pool) return hand_to_long_pool(call);
  const std::string preview = TRY(call.services.preview(question));
  json::Writer out;
  out.begin_object().member("success", true).key("preview").raw(preview).end_object();
  return http::json_response(out.take());
}

constexpr std::array kRoutes{
    Route{"GET", "/api/preview", auth::Scope::read, Body::ignored, preview_model, "preview_model",
          "preview_model", "What a model's download would bring, before a byte moves."},
};

}  // namespace

std::span<const Route> preview_routes() {
  return kRoutes;
}

}  // namespace modelkeep::api
