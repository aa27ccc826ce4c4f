#pragma once
// The columns of a model, for the .cpp files of this room that select one.
#include <string_view>

#include "base/result.h"
#include "catalog/models.h"

namespace modelkeep::catalog {

/// In the order that read_row(Row, Model&) reads them.
inline constexpr std::string_view kSelectModel = R"(
  SELECT m.pk, m.id, m.name, m.name_assumed, m.canonical_name, m.status, m.integrity, m.complete,
         m.revision, m.commit_hash, m.size_bytes, m.description, m.tags, m.pinned, m.task,
         m.license, m.library, m.format, m.gated, m.first_downloaded_by, m.first_downloaded_from,
         m.created_at, m.downloaded_at, m.version, m.newer_commit, m.newer_seen_at, m.is_local,
         c.download_count, c.access_count, c.total_requests, c.unique_users, c.last_used_at )";

/// In the order that read_row(Row, ModelUse&) reads them.
inline constexpr std::string_view kSelectUse = R"(
  SELECT c.model_pk, c.version, c.download_count, c.access_count, c.total_requests,
         c.unique_users, c.last_used_at )";

inline constexpr std::string_view kFromModels =
    "FROM models m JOIN model_counters c ON c.model_pk = m.pk ";

inline tl::unexpected<Error> model_missing() {
  return fail(ErrorKind::not_found, codes::model_not_found, "There is no such model.");
}

void read_row(const sqlite::Row& row, ModelUse& use);

}  // namespace modelkeep::catalog
