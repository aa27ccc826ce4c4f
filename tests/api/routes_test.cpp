// The document and the route table describe the same API.
#include <algorithm>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "api/dispatch.h"
#include "api/openapi_document.h"
#include "base/json.h"
#include "base/text.h"

namespace modelkeep::api {
namespace {

constexpr json::Limits kDocumentLimits{1u << 20, 64, 100'000, 1u << 16, true};

json::Document document() {
  return json::Document::parse(kOpenApiDocument, kDocumentLimits).value();
}

// The document has no word for "all that is left of the path".
std::string documented_path(std::string_view pattern) {
  std::string path{pattern};
  if (const std::size_t dots = path.find("..."); dots != std::string::npos) path.erase(dots, 3);
  return path;
}

std::string text_of(json::Value value) {
  return std::string{value.as_string().value_or("(absent)")};
}

TEST(Routes, are_all_described_with_their_scope_and_action) {
  const json::Document openapi = document();
  for (const Route& route : all_routes()) {
    const json::Value operation =
        openapi.root()["paths"][documented_path(route.pattern)][lower_ascii(route.method)];
    ASSERT_TRUE(operation.is_object()) << route.method << " " << route.pattern;
    EXPECT_EQ(text_of(operation["operationId"]), route.operation_id);
    EXPECT_EQ(text_of(operation["x-scope"]), auth::text(route.scope)) << route.operation_id;
    EXPECT_EQ(text_of(operation["x-action"]), route.action) << route.operation_id;
    EXPECT_EQ(text_of(operation["summary"]), route.summary) << route.operation_id;
    EXPECT_FALSE(route.summary.empty()) << route.operation_id;
    EXPECT_TRUE(route.body == Body::json || !operation.has("requestBody")) << route.operation_id;
  }
}

TEST(Routes, are_all_that_the_document_promises) {
  const json::Document openapi = document();
  std::size_t described = 0;
  openapi.root()["paths"].each_member([&](std::string_view path, json::Value operations) {
    operations.each_member([&](std::string_view method, json::Value) {
      ++described;
      const auto routes = all_routes();
      EXPECT_TRUE(std::any_of(routes.begin(), routes.end(),
                              [&](const Route& route) {
                                return documented_path(route.pattern) == path &&
                                       lower_ascii(route.method) == method;
                              }))
          << method << " " << path;
    });
  });
  EXPECT_EQ(described, all_routes().size());
}

TEST(Routes, that_change_something_need_more_than_read) {
  for (const Route& route : all_routes()) {
    if (route.method == "GET") continue;
    EXPECT_GE(route.scope, auth::Scope::download) << route.operation_id;
  }
}

TEST(Routes, have_operation_ids_of_their_own) {
  std::map<std::string_view, int> count;
  for (const Route& route : all_routes()) ++count[route.operation_id];
  for (const auto& [id, times] : count) EXPECT_EQ(times, 1) << id;
}

TEST(Document, closes_every_object_it_answers_with) {
  const json::Document openapi = document();
  openapi.root()["components"]["schemas"].each_member([](std::string_view name,
                                                         json::Value schema) {
    const bool is_part = name.ends_with("Fields");
    const bool is_request = name.ends_with("Request") || name == "ModelUpdate";
    if (is_part || is_request) return;
    EXPECT_TRUE(schema.has("additionalProperties") || schema.has("unevaluatedProperties")) << name;
  });
}

}  // namespace
}  // namespace modelkeep::api
