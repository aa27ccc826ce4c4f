#pragma once
// docs/openapi.json, embedded at build by EmbedDocument.cmake.
#include <string_view>

namespace modelkeep::api {

extern const std::string_view kOpenApiDocument;

}  // namespace modelkeep::api
