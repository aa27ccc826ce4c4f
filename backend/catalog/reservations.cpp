#include "catalog/reservations.h"

#include "catalog/download_rows.h"
#include "catalog/sql_text.h"
#include "sqlite/connection.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kUnfinished = R"(
  SELECT d.id, sum(f.size_bytes)
  FROM downloads d JOIN download_files f ON f.download_id = d.id
  WHERE (d.id = ?1 OR d.space_reserved = 1
           AND d.status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing',
                            'paused'))
    AND f.status <> 'ready'
  GROUP BY d.id)";

constexpr std::string_view kUnfinishedNamed = R"(
  SELECT id FROM downloads
  WHERE model_name = ?1 AND revision = ?2
    AND status NOT IN ('ready', 'cancelled')
  ORDER BY id DESC LIMIT 1)";

constexpr std::string_view kPromise = "UPDATE downloads SET space_reserved = 1 ";

}  // namespace

Result<SpaceNeed> space_need(sqlite::Connection& db, std::int64_t download_id,
                             const std::function<std::uint64_t(std::int64_t)>& staged_bytes) {
  SpaceNeed need;
  TRY(db.each(
      kUnfinished,
      [&](const sqlite::Row& row) {
        const std::int64_t id = row.integer(0);
        const auto unfinished = static_cast<std::uint64_t>(row.integer(1));
        const std::uint64_t staged = staged_bytes(id);
        const std::uint64_t left = unfinished > staged ? unfinished - staged : 0;
        (id == download_id ? need.needed : need.outstanding) += left;
      },
      download_id));
  return need;
}

Result<SpaceBeside> space_beside(sqlite::Connection& db, std::string_view model_name,
                                 std::string_view revision,
                                 const std::function<std::uint64_t(std::int64_t)>& staged_bytes) {
  const auto begun = TRY(db.one<std::int64_t>(kUnfinishedNamed, model_name, revision));
  const SpaceNeed need = TRY(space_need(db, begun.value_or(0), staged_bytes));
  return SpaceBeside{.staged = begun ? staged_bytes(*begun) : 0, .outstanding = need.outstanding};
}

Result<> promise_space(sqlite::Connection& db, const Claim& claim) {
  TRY(db.run(kJoinedSql<kPromise, kWhereClaimed>, claim.download_id, claim.epoch));
  return require_claimed(db);
}

}  // namespace modelkeep::catalog
