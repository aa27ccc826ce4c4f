#pragma once
// The list of models: filtered, sorted, one page at a time. A page is found by the last row of the
// one before (keyset), so page 1,000 costs what page 1 costs. A page says which models, and what
// changes with use; whoever needs the rest reads it by pk, in the same ReadTransaction.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/models.h"

namespace modelkeep::catalog {

enum class ModelSort : std::uint8_t {
  name,
  size_bytes,
  downloaded_at,
  last_used_at,
  total_requests
};
std::optional<ModelSort> parse_model_sort(std::string_view text);

struct ModelFilter {
  std::string
      search;  ///< In name, canonical name, description and tags; any case; "" is no filter.
  std::optional<std::string> name;  ///< Exact.
  std::optional<ModelStatus> status;
  std::optional<std::string> task;
  std::optional<std::string> format;
  std::optional<std::string> license;
  std::optional<std::int64_t> min_size;
  std::optional<std::int64_t> max_size;
  bool empty() const;
};

/// Where the page before ended: the sorted value of its last row, and that row.
struct ModelCursor {
  std::string text;         ///< Used by sort name.
  std::int64_t number = 0;  ///< Used by all others.
  std::int64_t pk = 0;
};

struct ModelQuery {
  ModelFilter filter;
  ModelSort sort = ModelSort::name;
  bool descending = false;
  std::optional<ModelCursor> after;
  int limit = 50;
};

struct ModelPage {
  std::vector<ModelUse> models;
  std::int64_t total = 0;           ///< Of all pages.
  std::optional<ModelCursor> next;  ///< Absent on the last page.
};
/// Within a ReadTransaction of the caller: the total is counted beside the rows.
Result<ModelPage> list_models(sqlite::Connection& db, const ModelQuery& query);

/// The cursor as it travels: opaque, under 256 characters. nullopt when it is not one of ours for
/// this sort and order.
std::string cursor_text(const ModelQuery& query, const ModelCursor& cursor);
std::optional<ModelCursor> parse_cursor(const ModelQuery& query, std::string_view text);

}  // namespace modelkeep::catalog
