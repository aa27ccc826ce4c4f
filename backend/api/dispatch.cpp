#include "api/dispatch.h"

#include <memory>
#include <span>
#include <utility>

#include "api/downloads.h"
#include "api/health.h"
#include "api/model_downloads.h"
#include "api/model_files.h"
#include "api/models.h"
#include "api/openapi.h"
#include "api/preview.h"
#include "api/revisions.h"
#include "api/settings.h"
#include "api/stats.h"
#include "base/log.h"
#include "http/browser_rules.h"
#include "http/problem.h"

namespace modelkeep::api {
namespace {

constexpr std::size_t kBodyBytesMax = 64 * 1024;

Result<> check_body(const Call& call) {
  TRY(http::check_content_type(call.request));
  if (!call.request.body_too_large && call.request.body.size() <= kBodyBytesMax) return {};
  return fail(ErrorKind::too_large, codes::body_too_large, "The body is larger than 64 KiB.");
}

// Header first, then the query; a body can still name the caller where the header did not.
Result<> name_caller_from_request(Call& call) {
  if (!call.request.username.empty()) {
    call.username = TRY(auth::name_from_header(call.request.username));
    call.named_by_header = true;
    return {};
  }
  const auto name = TRY(call.query.get("username"));
  if (name) call.username = TRY(auth::checked_name(*name));
  return {};
}

http::Response refusal(const Call& call, const Error& error) {
  http::Response response = http::problem(error, call.request.request_id);
  if (response.status >= 500) {
    log::failure("request.failed", error,
                 {{"request_id", call.request.request_id}, {"action", call.action}});
  }
  return response;
}

usage::Event event_of(const Call& call, const http::Response& response) {
  usage::Event event;
  event.at = call.services.clock.now();
  event.action = call.action;
  event.model_pk = call.model_pk;
  if (response.status < 400) event.counts = call.counts;
  event.status = response.status;
  event.username = call.username;
  event.ip_address = call.request.remote_address;
  return event;
}

}  // namespace

Result<sqlite::Connection*> ThreadContext::database(const catalog::StatePaths& paths) {
  if (!connection_) connection_ = TRY(catalog::open(paths));
  return &*connection_;
}

Result<sqlite::Connection*> database(Call& call) {
  return call.thread.database(call.services.state);
}

Result<> name_caller(Call& call, const std::optional<std::string>& name_in_body) {
  if (!name_in_body) return {};
  std::string name = TRY(auth::checked_name(*name_in_body));
  if (!call.named_by_header) call.username = std::move(name);
  return {};
}

std::vector<Route> all_routes() {
  std::vector<Route> routes;
  for (const std::span<const Route> rows :
       {model_routes(), model_file_routes(), model_download_routes(), preview_routes(),
        revision_routes(), download_routes(), settings_routes(), stats_routes(), health_routes(),
        openapi_routes()}) {
    routes.insert(routes.end(), rows.begin(), rows.end());
  }
  return routes;
}

Api::Api(Services services) : services_(std::move(services)) {
  for (const Route& route : all_routes()) entries_.push_back({route, http::Pattern{route.pattern}});
}

Result<const Api::Entry*> Api::find_entry(Call& call, const http::Path& path) const {
  const std::string_view method = call.request.method == "HEAD" ? "GET" : call.request.method;
  for (const Entry& entry : entries_) {
    if (!entry.pattern.matches(path)) continue;
    if (entry.route.method == method) return &entry;
    if (!call.allow.empty()) call.allow += ", ";
    call.allow += entry.route.method == "GET" ? "GET, HEAD" : entry.route.method;
  }
  if (call.allow.empty()) {
    return fail(ErrorKind::not_found, codes::route_not_found, "There is nothing at this address.");
  }
  return fail(ErrorKind::invalid, codes::method_not_allowed,
              "This address takes " + call.allow + ".");
}

Result<http::Response> Api::answer(Call& call) const {
  const http::Request& request = call.request;
  TRY(http::check_headers(request));
  TRY(http::check_host(request, services_.hosts));
  const http::Target target = http::split_target(request.target);
  const http::Path path = TRY(http::Path::parse(target.path));
  const Entry* const entry = TRY(find_entry(call, path));
  call.action = entry->route.action;
  call.query = TRY(http::Query::parse(target.query));
  TRY(name_caller_from_request(call));
  TRY(auth::admit(services_.gate, entry->route.scope, request.forwarded));
  if (http::changes_state(request.method)) TRY(http::check_origin(request));
  if (entry->route.body == Body::json) TRY(check_body(call));
  call.params = entry->pattern.params(path);
  return entry->route.handler(call);
}

http::Response Api::handle(const http::Request& request, ThreadContext& thread) const {
  Call call{request, services_, thread};
  auto answered = answer(call);
  http::Response response = answered ? std::move(*answered) : refusal(call, answered.error());
  if (response.status == 405) response.headers.push_back({"Allow", call.allow});
  if (call.counted_elsewhere) return response;
  const bool durable = call.changed_state && response.status < 400;
  const auto recorded = services_.journal.append(
      event_of(call, response), durable ? usage::Durability::power : usage::Durability::process);
  // An answer that is not in the journal would never be counted, so it does not leave.
  return recorded ? response : refusal(call, recorded.error());
}

http::Handler thread_handler(const Api& api) {
  // Shared only because std::function must be copyable; one thread uses it.
  return [&api, thread = std::make_shared<ThreadContext>()](const http::Request& request) {
    return api.handle(request, *thread);
  };
}

}  // namespace modelkeep::api
