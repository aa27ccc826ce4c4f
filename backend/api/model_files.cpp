#include "api/model_files.h"

#include <array>
#include <string>

#include "base/text.h"
#include "catalog/models.h"
#include "catalog/names.h"
#include "http/path.h"
#include "storage/layout.h"

namespace modelkeep::api {
namespace {

// The bytes are a stranger's: they are a download, never a page of ours. nginx adds the sandbox and
// nosniff.
std::string attachment_named(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return "attachment; filename*=UTF-8''" + percent_encode(name);
}

Result<http::Response> get_model_file(Call& call) {
  TRY(catalog::check_model_id(call.params.first));
  TRY(catalog::check_file_path(call.params.rest));
  sqlite::Connection& db = *TRY(database(call));
  const catalog::Model model = TRY(catalog::find_model(db, call.params.first));
  call.model_pk = model.pk;
  const catalog::ModelFile file = TRY(catalog::find_model_file(db, model.pk, call.params.rest));
  call.counts = usage::Counts::access;
  http::Response response;
  response.content_type = "application/octet-stream";
  response.headers.push_back({"Content-Disposition", attachment_named(file.path)});
  response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back(
      {"X-Accel-Redirect", http::accel_encoded(storage::internal_blob_path(file.sha256))});
  return response;
}

constexpr std::array kRoutes{
    Route{"GET", "/api/models/{id}/files/{path...}", auth::Scope::read, Body::ignored,
          get_model_file, "get_model_file", "get_model_file",
          "One file of a model, as an attachment."},
};

}  // namespace

std::span<const Route> model_file_routes() {
  return kRoutes;
}

}  // namespace modelkeep::api
