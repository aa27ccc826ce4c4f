#pragma once
// The query of GET /api/models.
#include "catalog/model_list.h"
#include "http/query.h"

namespace modelkeep::api {

/// Without a limit the whole list was asked for, as the old server gave it.
struct ModelListRequest {
  catalog::ModelQuery query;
  bool whole = false;
};

/// query_invalid, page_invalid, query_duplicate.
Result<ModelListRequest> parse_model_list(const http::Query& query);

}  // namespace modelkeep::api
