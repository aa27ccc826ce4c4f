#include "catalog/model_search.h"

#include "base/text.h"
#include "sqlite/connection.h"

namespace modelkeep::catalog {
namespace {

constexpr std::size_t kTrigram = 3;

constexpr std::string_view kDeleteEntry = "DELETE FROM models_fts WHERE rowid = ?1";
constexpr std::string_view kInsertEntry = R"(
  INSERT INTO models_fts (rowid, name, canonical_name, description, tags)
  SELECT pk, name, canonical_name, description, tags FROM models WHERE pk = ?1)";

}  // namespace

Result<> index_model(sqlite::Connection& db, std::int64_t pk) {
  TRY(db.run(kDeleteEntry, pk));
  return db.run(kInsertEntry, pk);
}

Result<> unindex_model(sqlite::Connection& db, std::int64_t pk) {
  return db.run(kDeleteEntry, pk);
}

bool is_indexable(std::string_view search) {
  const auto code_points = utf8_code_points(search);
  return code_points && code_points->size() >= kTrigram;
}

std::string match_phrase(std::string_view search) {
  std::string phrase = "\"";
  for (const char c : search) {
    phrase += c;
    if (c == '"') phrase += '"';
  }
  return phrase + '"';
}

std::string like_pattern(std::string_view search) {
  std::string pattern = "%";
  for (const char c : search) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

}  // namespace modelkeep::catalog
