#pragma once
// Settings made through the API, and who was seen alive when.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace modelkeep::sqlite {
class Connection;
class Row;
}  // namespace modelkeep::sqlite

namespace modelkeep::catalog {

struct Setting {
  std::string key;
  std::string value;
  Time updated_at;
  std::string updated_by;
};
void read_row(const sqlite::Row& row, Setting& setting);
Result<std::vector<Setting>> settings(sqlite::Connection& db);
Result<std::optional<std::string>> setting(sqlite::Connection& db, std::string_view key);
Result<> set_setting(sqlite::Connection& db, std::string_view key, std::string_view value,
                     std::string_view by, Time now);
/// The same inside a write transaction that the caller holds.
Result<> put_setting(sqlite::Connection& db, std::string_view key, std::string_view value,
                     std::string_view by, Time now);
Result<> clear_setting(sqlite::Connection& db, std::string_view key);

struct Heartbeat {
  std::string name;  ///< "upstream", "fetcher:<n>".
  Time seen_at;
  std::string detail;
};
void read_row(const sqlite::Row& row, Heartbeat& heartbeat);
/// A commit each: at most one in ten seconds from anyone who is idle.
Result<> beat(sqlite::Connection& db, std::string_view name, Time now,
              std::string_view detail = {});
Result<std::vector<Heartbeat>> heartbeats(sqlite::Connection& db);

}  // namespace modelkeep::catalog
