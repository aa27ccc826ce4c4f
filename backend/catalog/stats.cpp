#include "catalog/stats.h"

#include <algorithm>

#include "sqlite/connection.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kTotals = R"(
  SELECT listed_models, total_models, total_size_bytes, stored_bytes, total_requests, unique_users,
         bytes_served, bytes_streamed
  FROM totals)";

constexpr std::string_view kIsUserOf = R"(
  SELECT count(*) FROM model_users
  WHERE model_pk = ?1 AND user_pk = (SELECT pk FROM users WHERE name = ?2))";

// By the index that leaves out what pages poll; `at < 0` and `action > 3` are how it is named.
constexpr std::string_view kRecent = R"(
  SELECT e.at, a.name, coalesce(h.id, ''), u.name, i.address
  FROM events e JOIN actions a ON a.pk = e.action JOIN users u ON u.pk = e.user
       JOIN addresses i ON i.pk = e.address LEFT JOIN model_history h ON h.pk = e.model
  WHERE (e.at < 0) = 0 AND e.action > 3
  ORDER BY e.seq DESC LIMIT ?1)";

}  // namespace

void read_row(const sqlite::Row& row, Totals& totals) {
  row.read(totals.listed_models, totals.total_models, totals.total_size_bytes, totals.stored_bytes,
           totals.total_requests, totals.unique_users, totals.bytes_served, totals.bytes_streamed);
}

void read_row(const sqlite::Row& row, Activity& activity) {
  row.read(activity.at, activity.action, activity.model_id, activity.username, activity.ip_address);
}

std::int64_t Totals::bytes_saved() const {
  // A failed or half-done model holds blobs that total_size_bytes does not count, so the first
  // difference can be negative.
  return std::max<std::int64_t>(0, total_size_bytes - stored_bytes) + bytes_served - bytes_streamed;
}

Result<Totals> totals(sqlite::Connection& db) {
  const auto found = TRY(db.one<Totals>(kTotals));
  return found.value_or(Totals{});
}

Result<bool> is_user_of(sqlite::Connection& db, std::int64_t model_pk, std::string_view username) {
  const auto count = TRY(db.one<std::int64_t>(kIsUserOf, model_pk, username));
  return count.value_or(0) > 0;
}

Result<std::vector<Activity>> recent_activity(sqlite::Connection& db, int limit) {
  return db.all<Activity>(kRecent, limit);
}

}  // namespace modelkeep::catalog
