#include "api/openapi.h"

#include <array>
#include <string>

#include "api/openapi_document.h"

namespace modelkeep::api {
namespace {

Result<http::Response> get_openapi(Call&) {
  return http::json_response(std::string{kOpenApiDocument});
}

constexpr std::array kRoutes{
    Route{"GET", "/api/openapi.json", auth::Scope::read, Body::ignored, get_openapi, "get_openapi",
          "get_openapi", "This document."},
};

}  // namespace

std::span<const Route> openapi_routes() {
  return kRoutes;
}

}  // namespace modelkeep::api
