#include "catalog/settings.h"

#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kAll =
    "SELECT key, value, updated_at, updated_by FROM settings ORDER BY key";
constexpr std::string_view kOne = "SELECT value FROM settings WHERE key = ?1";
constexpr std::string_view kSet = R"(
  INSERT INTO settings (key, value, updated_at, updated_by) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at,
    updated_by = excluded.updated_by)";
constexpr std::string_view kClear = "DELETE FROM settings WHERE key = ?1";

constexpr std::string_view kNoteChange = R"(
  INSERT INTO setting_changes (key, old_value, new_value, changed_at, changed_by)
  VALUES (?1, ?2, ?3, ?4, ?5))";
constexpr std::string_view kChanges = R"(
  SELECT key, old_value, new_value, changed_at, changed_by FROM setting_changes
  ORDER BY id DESC LIMIT ?1)";

constexpr std::string_view kBeat = R"(
  INSERT INTO heartbeats (name, seen_at, detail) VALUES (?1, ?2, ?3)
  ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at, detail = excluded.detail)";
constexpr std::string_view kFirstFailure =
    "INSERT OR IGNORE INTO heartbeats (name, seen_at, detail) VALUES ('upstream_failing', ?1, ?2)";
constexpr std::string_view kNoFailure = "DELETE FROM heartbeats WHERE name = 'upstream_failing'";
constexpr std::string_view kBeats = "SELECT name, seen_at, detail FROM heartbeats ORDER BY name";

}  // namespace

void read_row(const sqlite::Row& row, Setting& setting) {
  row.read(setting.key, setting.value, setting.updated_at, setting.updated_by);
}

void read_row(const sqlite::Row& row, Heartbeat& heartbeat) {
  row.read(heartbeat.name, heartbeat.seen_at, heartbeat.detail);
}

Result<std::vector<Setting>> settings(sqlite::Connection& db) {
  return db.all<Setting>(kAll);
}

Result<std::optional<std::string>> setting(sqlite::Connection& db, std::string_view key) {
  return db.one<std::string>(kOne, key);
}

Result<> put_setting(sqlite::Connection& db, std::string_view key, std::string_view value,
                     std::string_view by, Time now) {
  return db.run(kSet, key, value, now, by);
}

Result<> set_setting(sqlite::Connection& db, std::string_view key, std::string_view value,
                     std::string_view by, Time now) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(put_setting(db, key, value, by, now));
  return writing.commit();
}

Result<> clear_setting(sqlite::Connection& db, std::string_view key) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kClear, key));
  return writing.commit();
}

Result<> change_setting(sqlite::Connection& db, std::string_view key,
                        const std::optional<std::string>& value, std::string_view by, Time now) {
  const auto before = TRY(setting(db, key));
  if (before == value) return {};
  if (value) {
    TRY(put_setting(db, key, *value, by, now));
  } else {
    TRY(db.run(kClear, key));
  }
  return db.run(kNoteChange, key, before.value_or(""), value.value_or(""), now, by);
}

void read_row(const sqlite::Row& row, SettingChange& change) {
  row.read(change.key, change.old_value, change.new_value, change.changed_at, change.changed_by);
}

Result<std::vector<SettingChange>> setting_changes(sqlite::Connection& db, int limit) {
  return db.all<SettingChange>(kChanges, limit);
}

Result<> note_upstream(sqlite::Connection& db, Time now, std::string_view failing_code) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  if (failing_code.empty()) {
    TRY(db.run(kBeat, "upstream", now, failing_code));
    TRY(db.run(kNoFailure));
  } else {
    TRY(db.run(kFirstFailure, now, failing_code));
    TRY(db.run(kBeat, "upstream_failed", now, failing_code));
  }
  return writing.commit();
}

Result<> beat(sqlite::Connection& db, std::string_view name, Time now, std::string_view detail) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kBeat, name, now, detail));
  return writing.commit();
}

Result<std::vector<Heartbeat>> heartbeats(sqlite::Connection& db) {
  return db.all<Heartbeat>(kBeats);
}

}  // namespace modelkeep::catalog
