#include "catalog/prune.h"

#include <string_view>

#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

// A transaction that ends soon; the next round goes on.
constexpr std::int64_t kPrunedAtOnce = 500;

// The inner SELECT is empty while there are no more than are kept, and so is the outer one.
constexpr std::string_view kPrune = R"(
  DELETE FROM downloads WHERE id IN (
    SELECT d.id FROM downloads d,
      (SELECT finished_at, id FROM downloads WHERE status IN ('ready', 'cancelled')
       ORDER BY finished_at DESC, id DESC LIMIT 1 OFFSET ?1) AS first
    WHERE d.status IN ('ready', 'cancelled') AND d.finished_at < ?2
      AND (d.finished_at, d.id) <= (first.finished_at, first.id)
    ORDER BY d.finished_at, d.id LIMIT ?3))";

}  // namespace

Result<std::int64_t> prune_downloads(sqlite::Connection& db, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kPrune, kEndedKept, now.ms - kEndedKeptMs, kPrunedAtOnce));
  const std::int64_t pruned = db.changes();
  TRY(writing.commit());
  return pruned;
}

}  // namespace modelkeep::catalog
