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

/// A person's change of a setting, remembered with its author. Inside a write transaction; without
/// a value the default holds again. Nothing is noted where nothing changes.
Result<> change_setting(sqlite::Connection& db, std::string_view key,
                        const std::optional<std::string>& value, std::string_view by, Time now);
struct SettingChange {
  std::string key;
  std::string old_value;  ///< "" is the default.
  std::string new_value;
  Time changed_at;
  std::string changed_by;
};
void read_row(const sqlite::Row& row, SettingChange& change);
/// Newest first.
Result<std::vector<SettingChange>> setting_changes(sqlite::Connection& db, int limit);

struct Heartbeat {
  std::string name;  ///< "upstream", "upstream_failing", "upstream_failed", "fetcher:<n>".
  Time seen_at;
  std::string detail;
};
void read_row(const sqlite::Row& row, Heartbeat& heartbeat);
/// A commit each: at most one in ten seconds from anyone who is idle.
Result<> beat(sqlite::Connection& db, std::string_view name, Time now,
              std::string_view detail = {});
/// Upstream answered, or it did not: `failing_code` is empty or says how. "upstream" is when it was
/// last well, "upstream_failing" the first failure since then, "upstream_failed" the last one.
Result<> note_upstream(sqlite::Connection& db, Time now, std::string_view failing_code);
Result<std::vector<Heartbeat>> heartbeats(sqlite::Connection& db);

}  // namespace modelkeep::catalog
