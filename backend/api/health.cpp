#include "api/health.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "api/health_checks.h"
#include "base/log.h"
#include "http/problem.h"

namespace modelkeep::api {
namespace {

Result<http::Response> get_health(Call& call) {
  const HealthReport report = check_health(call);
  json::Writer out;
  out.begin_object();
  if (report.failure) {
    log::failure("health.failed", *report.failure, {{"request_id", call.request.request_id}});
    http::write_problem_members(out, *report.failure, call.request.request_id);
  } else {
    out.member("success", true).member("status", report.degraded ? "degraded" : "healthy");
  }
  out.member("mount_point", call.services.mount)
      .member("version", call.services.version)
      .member("checks", report.checks)
      .end_object();
  http::Response response = http::json_response(out.take());
  if (report.failure) {
    response.status = http::status_of(*report.failure);
    response.content_type = http::kProblemType;
    response.headers.push_back({"Retry-After", "2"});
  }
  return response;
}

constexpr std::array kRoutes{
    Route{"GET", "/api/health", auth::Scope::open, Body::ignored, get_health, "get_health",
          "health", "Whether the store can serve."},
};

}  // namespace

std::span<const Route> health_routes() {
  return kRoutes;
}

}  // namespace modelkeep::api
