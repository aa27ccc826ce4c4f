#include "catalog/model_list.h"

#include <array>
#include <limits>

#include "base/text.h"
#include "catalog/model_rows.h"
#include "catalog/model_search.h"
#include "catalog/sql_text.h"
#include "catalog/stats.h"
#include "sqlite/connection.h"

namespace modelkeep::catalog {
namespace {

using Sql = std::string_view;
using Limits = std::numeric_limits<std::int64_t>;

// Who is walked first: the table whose index has the order. CROSS JOIN is SQLite's word for "in
// this order".
constexpr Sql kModelsFirst = "FROM models m CROSS JOIN model_counters c ON c.model_pk = m.pk ";
constexpr Sql kRanksOnly =
    "FROM model_ranks r CROSS JOIN model_counters c ON c.model_pk = r.model_pk ";
constexpr Sql kRanksFirst = R"(
  FROM model_ranks r CROSS JOIN models m ON m.pk = r.model_pk
       CROSS JOIN model_counters c ON c.model_pk = r.model_pk )";
constexpr Sql kMatchesFirst = R"(
  FROM models_fts f CROSS JOIN models m ON m.pk = f.rowid
       CROSS JOIN model_counters c ON c.model_pk = m.pk
       CROSS JOIN model_ranks r ON r.model_pk = m.pk )";

// The value a row is sorted by: the next page begins behind it.
constexpr Sql kNameValue = ", m.name ";
constexpr Sql kSizeValue = ", m.size_bytes ";
constexpr Sql kDownloadedValue = ", m.downloaded_at ";
constexpr Sql kUsedValue = ", r.last_used_at ";
constexpr Sql kRequestsValue = ", r.total_requests ";

// After the row (?1, ?2), in one order of the list. The first half of each condition is what the
// index seeks.
constexpr Sql kByName = R"(
  WHERE m.name COLLATE NOCASE >= ?1 AND (m.name COLLATE NOCASE > ?1 OR m.pk > ?2) )";
constexpr Sql kByNameEnd = " ORDER BY m.name COLLATE NOCASE, m.pk LIMIT ?3";
constexpr Sql kByNameDown = R"(
  WHERE m.name COLLATE NOCASE <= ?1 AND (m.name COLLATE NOCASE < ?1 OR m.pk < ?2) )";
constexpr Sql kByNameDownEnd = " ORDER BY m.name COLLATE NOCASE DESC, m.pk DESC LIMIT ?3";

constexpr Sql kBySize = " WHERE m.size_bytes >= ?1 AND (m.size_bytes > ?1 OR m.pk > ?2) ";
constexpr Sql kBySizeEnd = " ORDER BY m.size_bytes, m.pk LIMIT ?3";
constexpr Sql kBySizeDown = " WHERE m.size_bytes <= ?1 AND (m.size_bytes < ?1 OR m.pk < ?2) ";
constexpr Sql kBySizeDownEnd = " ORDER BY m.size_bytes DESC, m.pk DESC LIMIT ?3";

constexpr Sql kByDownloaded =
    " WHERE m.downloaded_at >= ?1 AND (m.downloaded_at > ?1 OR m.pk > ?2) ";
constexpr Sql kByDownloadedEnd = " ORDER BY m.downloaded_at, m.pk LIMIT ?3";
constexpr Sql kByDownloadedDown =
    " WHERE m.downloaded_at <= ?1 AND (m.downloaded_at < ?1 OR m.pk < ?2) ";
constexpr Sql kByDownloadedDownEnd = " ORDER BY m.downloaded_at DESC, m.pk DESC LIMIT ?3";

constexpr Sql kByUsed = " WHERE r.last_used_at >= ?1 AND (r.last_used_at > ?1 OR r.model_pk > ?2) ";
constexpr Sql kByUsedEnd = " ORDER BY r.last_used_at, r.model_pk LIMIT ?3";
constexpr Sql kByUsedDown =
    " WHERE r.last_used_at <= ?1 AND (r.last_used_at < ?1 OR r.model_pk < ?2) ";
constexpr Sql kByUsedDownEnd = " ORDER BY r.last_used_at DESC, r.model_pk DESC LIMIT ?3";

constexpr Sql kByRequests =
    " WHERE r.total_requests >= ?1 AND (r.total_requests > ?1 OR r.model_pk > ?2) ";
constexpr Sql kByRequestsEnd = " ORDER BY r.total_requests, r.model_pk LIMIT ?3";
constexpr Sql kByRequestsDown =
    " WHERE r.total_requests <= ?1 AND (r.total_requests < ?1 OR r.model_pk < ?2) ";
constexpr Sql kByRequestsDownEnd = " ORDER BY r.total_requests DESC, r.model_pk DESC LIMIT ?3";

constexpr Sql kFilters = R"(
  AND (?4 IS NULL OR m.status = ?4) AND (?5 IS NULL OR m.task = ?5)
  AND (?6 IS NULL OR m.format = ?6) AND (?7 IS NULL OR m.license = ?7)
  AND (?8 IS NULL OR m.size_bytes >= ?8) AND (?9 IS NULL OR m.size_bytes <= ?9) )";
constexpr Sql kMatch = " AND models_fts MATCH ?10 ";
constexpr Sql kLike = R"(
  AND (m.name LIKE ?10 ESCAPE '\' OR m.canonical_name LIKE ?10 ESCAPE '\'
       OR m.description LIKE ?10 ESCAPE '\' OR m.tags LIKE ?10 ESCAPE '\') )";

constexpr Sql kNamed = " WHERE m.name = ?10 ";

constexpr Sql kCount = "SELECT count(*) ";
constexpr Sql kOnlyModels = "FROM models m ";
constexpr Sql kOnlyMatches = "FROM models_fts f CROSS JOIN models m ON m.pk = f.rowid ";
constexpr Sql kAny = " WHERE 1 ";

/// One order of the list, in each way that a page of it is looked for.
struct PageSql {
  Sql plain;
  Sql filtered;
  Sql matching;
  Sql like;
};
template <const Sql& kPlain, const Sql& kFirst, const Sql& kValue, const Sql& kAfter,
          const Sql& kEnd>
constexpr PageSql kPage{
    kJoinedSql<kSelectUse, kValue, kPlain, kAfter, kEnd>,
    kJoinedSql<kSelectUse, kValue, kFirst, kAfter, kFilters, kEnd>,
    kJoinedSql<kSelectUse, kValue, kMatchesFirst, kAfter, kMatch, kFilters, kEnd>,
    kJoinedSql<kSelectUse, kValue, kFirst, kAfter, kLike, kFilters, kEnd>,
};

// By sort, then ascending and descending.
constexpr std::array<std::array<PageSql, 2>, 5> kPages{{
    {kPage<kModelsFirst, kModelsFirst, kNameValue, kByName, kByNameEnd>,
     kPage<kModelsFirst, kModelsFirst, kNameValue, kByNameDown, kByNameDownEnd>},
    {kPage<kModelsFirst, kModelsFirst, kSizeValue, kBySize, kBySizeEnd>,
     kPage<kModelsFirst, kModelsFirst, kSizeValue, kBySizeDown, kBySizeDownEnd>},
    {kPage<kModelsFirst, kModelsFirst, kDownloadedValue, kByDownloaded, kByDownloadedEnd>,
     kPage<kModelsFirst, kModelsFirst, kDownloadedValue, kByDownloadedDown, kByDownloadedDownEnd>},
    {kPage<kRanksOnly, kRanksFirst, kUsedValue, kByUsed, kByUsedEnd>,
     kPage<kRanksOnly, kRanksFirst, kUsedValue, kByUsedDown, kByUsedDownEnd>},
    {kPage<kRanksOnly, kRanksFirst, kRequestsValue, kByRequests, kByRequestsEnd>,
     kPage<kRanksOnly, kRanksFirst, kRequestsValue, kByRequestsDown, kByRequestsDownEnd>},
}};

constexpr std::array<std::string_view, 5> kSorts = {"name", "size_bytes", "downloaded_at",
                                                    "last_used_at", "total_requests"};

constexpr int kValueColumn = 7;  // Behind the columns of ModelUse.

struct ListedModel {
  ModelUse use;
  ModelCursor place;
};

void read_row(const sqlite::Row& row, ListedModel& listed) {
  read_row(row, listed.use);
  listed.place.pk = listed.use.pk;
  if (row.is_text(kValueColumn)) {
    listed.place.text = row.text(kValueColumn);
  } else {
    listed.place.number = row.integer(kValueColumn);
  }
}

/// A page as it comes from the database, one row too long when another follows.
struct FoundPage {
  std::vector<ListedModel> rows;
  std::int64_t total = 0;
};

/// The values of ?1 ... ?9 that a query binds; ?1 is text for names, a number for all else.
struct Bound {
  explicit Bound(const ModelFilter& of) : filter(of) {}
  const ModelFilter& filter;
  std::optional<std::string> text;
  std::int64_t number = 0;
  std::int64_t pk = 0;
  std::int64_t limit = 0;
  std::optional<std::string_view> status;
};

Bound bound_values(const ModelQuery& query) {
  constexpr std::string_view kPastEveryName = "\xF4\x8F\xBF\xBF";
  Bound bound(query.filter);
  bound.limit = query.limit + 1;
  if (query.filter.status) bound.status = text(*query.filter.status);
  bound.number = query.descending ? Limits::max() : Limits::min();
  bound.pk = query.descending ? Limits::max() : Limits::min();
  if (query.sort == ModelSort::name) bound.text = query.descending ? kPastEveryName : "";
  if (query.after) {
    bound.number = query.after->number;
    bound.pk = query.after->pk;
    if (query.sort == ModelSort::name) bound.text = query.after->text;
  }
  return bound;
}

/// Runs `call(first, rest...)` with ?1 of the right type.
template <class... Rest>
Result<std::vector<ListedModel>> rows(sqlite::Connection& db, Sql sql, const Bound& bound,
                                      const Rest&... rest) {
  if (bound.text) return db.all<ListedModel>(sql, *bound.text, bound.pk, bound.limit, rest...);
  return db.all<ListedModel>(sql, bound.number, bound.pk, bound.limit, rest...);
}

template <class... Rest>
Result<std::vector<ListedModel>> filtered_rows(sqlite::Connection& db, Sql sql, const Bound& bound,
                                               const Rest&... rest) {
  const ModelFilter& filter = bound.filter;
  return rows(db, sql, bound, bound.status, filter.task, filter.format, filter.license,
              filter.min_size, filter.max_size, rest...);
}

template <class... Rest>
Result<std::int64_t> filtered_count(sqlite::Connection& db, Sql sql, const Bound& bound,
                                    const Rest&... rest) {
  const ModelFilter& filter = bound.filter;
  const auto count = TRY(db.one<std::int64_t>(sql, nullptr, nullptr, nullptr, bound.status,
                                              filter.task, filter.format, filter.license,
                                              filter.min_size, filter.max_size, rest...));
  return count.value_or(0);
}

Result<FoundPage> find_page(sqlite::Connection& db, const ModelQuery& query) {
  const PageSql& sql = kPages[static_cast<std::size_t>(query.sort)][query.descending ? 1 : 0];
  const ModelFilter& filter = query.filter;
  const Bound bound = bound_values(query);
  FoundPage page;
  if (filter.empty()) {
    page.rows = TRY(rows(db, sql.plain, bound));
    const auto all = TRY(totals(db));
    page.total = all.listed_models;
  } else if (filter.name) {
    // One row at most, so neither order nor cursor matters.
    page.rows =
        TRY(filtered_rows(db, kJoinedSql<kSelectUse, kNameValue, kFromModels, kNamed, kFilters>,
                          bound, *filter.name));
    page.total = static_cast<std::int64_t>(page.rows.size());
  } else if (filter.search.empty()) {
    page.rows = TRY(filtered_rows(db, sql.filtered, bound));
    page.total = TRY(filtered_count(db, kJoinedSql<kCount, kOnlyModels, kAny, kFilters>, bound));
  } else if (is_indexable(filter.search)) {
    const std::string phrase = match_phrase(filter.search);
    page.rows = TRY(filtered_rows(db, sql.matching, bound, phrase));
    page.total = TRY(filtered_count(db, kJoinedSql<kCount, kOnlyMatches, kAny, kMatch, kFilters>,
                                    bound, phrase));
  } else {
    const std::string pattern = like_pattern(filter.search);
    page.rows = TRY(filtered_rows(db, sql.like, bound, pattern));
    page.total = TRY(
        filtered_count(db, kJoinedSql<kCount, kOnlyModels, kAny, kLike, kFilters>, bound, pattern));
  }
  return page;
}

/// Which list a cursor belongs to: "0a", "3d".
std::string list_tag(const ModelQuery& query) {
  return std::to_string(static_cast<int>(query.sort)) + (query.descending ? 'd' : 'a');
}

}  // namespace

std::optional<ModelSort> parse_model_sort(std::string_view word) {
  for (std::size_t n = 0; n < kSorts.size(); ++n) {
    if (kSorts[n] == word) return static_cast<ModelSort>(n);
  }
  return std::nullopt;
}

bool ModelFilter::empty() const {
  return search.empty() && !name && !status && !task && !format && !license && !min_size &&
         !max_size;
}

Result<ModelPage> list_models(sqlite::Connection& db, const ModelQuery& query) {
  FoundPage found = TRY(find_page(db, query));
  ModelPage page;
  page.total = found.total;
  if (found.rows.size() > static_cast<std::size_t>(query.limit)) {
    found.rows.pop_back();
    page.next = found.rows.back().place;
  }
  page.models.reserve(found.rows.size());
  for (const ListedModel& listed : found.rows) page.models.push_back(listed.use);
  return page;
}

std::string cursor_text(const ModelQuery& query, const ModelCursor& cursor) {
  const std::string value = query.sort == ModelSort::name ? percent_encode(cursor.text, "/")
                                                          : std::to_string(cursor.number);
  return list_tag(query) + '.' + std::to_string(cursor.pk) + '.' + value;
}

std::optional<ModelCursor> parse_cursor(const ModelQuery& query, std::string_view written) {
  const std::string tag = list_tag(query) + '.';
  if (!written.starts_with(tag)) return std::nullopt;
  written.remove_prefix(tag.size());
  const std::size_t dot = written.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto pk = parse_decimal(written.substr(0, dot));
  const std::string_view value = written.substr(dot + 1);
  if (!pk || *pk > static_cast<std::uint64_t>(Limits::max())) return std::nullopt;
  ModelCursor cursor;
  cursor.pk = static_cast<std::int64_t>(*pk);
  if (query.sort == ModelSort::name) {
    auto name = percent_decode(value);
    if (!name || !utf8_valid(*name)) return std::nullopt;
    cursor.text = std::move(*name);
    return cursor;
  }
  const auto number = parse_decimal(value);
  if (!number || *number > static_cast<std::uint64_t>(Limits::max())) return std::nullopt;
  cursor.number = static_cast<std::int64_t>(*number);
  return cursor;
}

}  // namespace modelkeep::catalog
