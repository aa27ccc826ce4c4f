#pragma once
// The search index of models: every writer of a model's texts calls index_model in the same
// transaction. For the .cpp files of this room.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace modelkeep::sqlite {
class Connection;
}

namespace modelkeep::catalog {

/// Writes the entry of a model as its row stands. Inside a write transaction.
Result<> index_model(sqlite::Connection& db, std::int64_t pk);
Result<> unindex_model(sqlite::Connection& db, std::int64_t pk);

/// Three characters or more: the index can answer. Fewer: a LIKE over the rows must.
bool is_indexable(std::string_view search);
/// `search` as one quoted phrase of FTS5; nothing in it is syntax.
std::string match_phrase(std::string_view search);
/// `search` anywhere, for LIKE ... ESCAPE '\'.
std::string like_pattern(std::string_view search);

}  // namespace modelkeep::catalog
