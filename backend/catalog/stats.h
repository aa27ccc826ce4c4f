#pragma once
// The store as a whole, from maintained totals: nothing here grows with the catalog or with its
// use.
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace modelkeep::sqlite {
class Connection;
class Row;
}  // namespace modelkeep::sqlite

namespace modelkeep::catalog {

struct Totals {
  std::int64_t listed_models = 0;  ///< Every row.
  std::int64_t total_models = 0;   ///< With a ready revision.
  std::int64_t total_size_bytes = 0;
  std::int64_t stored_bytes = 0;  ///< Each blob once.
  std::int64_t total_requests = 0;
  std::int64_t unique_users = 0;
  std::int64_t bytes_served = 0;    ///< Of files, over HTTP, as nginx sent them.
  std::int64_t bytes_streamed = 0;  ///< Of these: upstream sent them for that very reader.

  /// What upstream did not have to send: reads out of the store, and files that models share.
  std::int64_t bytes_saved() const;
};
void read_row(const sqlite::Row& row, Totals& totals);
Result<Totals> totals(sqlite::Connection& db);

/// Whether someone of this name is among the model's users so far.
Result<bool> is_user_of(sqlite::Connection& db, std::int64_t model_pk, std::string_view username);

struct Activity {
  Time at;
  std::string action;
  std::string model_id;  ///< Empty when the event was about none; also of a model that is gone.
  std::string username;
  std::string ip_address;
};
void read_row(const sqlite::Row& row, Activity& activity);
/// Newest first, without health, stats and list_downloads, which pages poll.
Result<std::vector<Activity>> recent_activity(sqlite::Connection& db, int limit = 50);

}  // namespace modelkeep::catalog
