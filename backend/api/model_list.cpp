#include "api/model_list.h"

#include <limits>
#include <string>

#include "api/paging.h"

namespace modelkeep::api {
namespace {

constexpr std::size_t kTextBytesMax = 200;
constexpr int kWholeListMax = 10'000;

auto query_invalid(std::string_view key, std::string_view rule) {
  return fail(ErrorKind::invalid, codes::query_invalid, std::string{key} + " " + std::string{rule});
}

Result<std::optional<std::string>> short_text(const http::Query& query, std::string_view key) {
  const auto text = TRY(query.get(key));
  if (!text) return std::optional<std::string>{};
  if (text->size() > kTextBytesMax) return query_invalid(key, "is longer than 200 bytes.");
  return std::optional<std::string>{*text};
}

Result<std::optional<std::int64_t>> size(const http::Query& query, std::string_view key) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  const auto bytes = TRY(query.number(key, 0, kMax, codes::query_invalid));
  if (!bytes) return std::optional<std::int64_t>{};
  return std::optional<std::int64_t>{static_cast<std::int64_t>(*bytes)};
}

Result<catalog::ModelFilter> parse_filter(const http::Query& query) {
  catalog::ModelFilter filter;
  filter.search = TRY(short_text(query, "search")).value_or("");
  filter.name = TRY(short_text(query, "name"));
  if (const auto status = TRY(query.get("status"))) {
    filter.status = catalog::parse_model_status(*status);
    if (!filter.status)
      return query_invalid("status", "is downloading, ready, failed or archived.");
  }
  filter.task = TRY(short_text(query, "task"));
  filter.format = TRY(short_text(query, "format"));
  filter.license = TRY(short_text(query, "license"));
  filter.min_size = TRY(size(query, "min_size"));
  filter.max_size = TRY(size(query, "max_size"));
  return filter;
}

Result<> parse_order(const http::Query& query, catalog::ModelQuery& out) {
  if (const auto text = TRY(query.get("sort"))) {
    const auto sort = catalog::parse_model_sort(*text);
    if (!sort) {
      return fail(ErrorKind::invalid, codes::page_invalid,
                  "sort is name, size_bytes, downloaded_at, last_used_at or total_requests.");
    }
    out.sort = *sort;
  }
  const auto order = TRY(query.get("order"));
  if (order && *order != "asc" && *order != "desc") {
    return fail(ErrorKind::invalid, codes::page_invalid, "order is asc or desc.");
  }
  out.descending = order && *order == "desc";
  return {};
}

}  // namespace

Result<ModelListRequest> parse_model_list(const http::Query& query) {
  ModelListRequest request;
  request.query.filter = TRY(parse_filter(query));
  TRY(parse_order(query, request.query));
  const auto limit = TRY(page_limit(query));
  const auto cursor = TRY(page_cursor(query));
  if (cursor) {
    request.query.after = catalog::parse_cursor(request.query, *cursor);
    if (!request.query.after) return bad_cursor();
  }
  request.whole = !limit && !cursor;
  request.query.limit = request.whole ? kWholeListMax : limit.value_or(kPageDefault);
  return request;
}

}  // namespace modelkeep::api
