#include "api/settings.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include "api/settings_wire.h"
#include "base/json.h"
#include "sqlite/transaction.h"

namespace modelkeep::api {
namespace {

constexpr int kChangesShown = 20;

/// "2026-01-22T11:30:00+01:00": the hours of the windows are this machine's.
std::string local_time_text(Time now) {
  const auto seconds = static_cast<std::time_t>(now.ms / 1000);
  std::tm local{};
  std::array<char, 40> text{};
  if (localtime_r(&seconds, &local) == nullptr) return {};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S%z", &local);
  std::string shown(text.data(), size);
  // %z has no colon, RFC 3339 has.
  if (shown.size() > 5) shown.insert(shown.end() - 2, ':');
  return shown;
}

Result<http::Response> settings_answer(Call& call, sqlite::Connection& db) {
  const auto stored = TRY(catalog::settings(db));
  const Time now = call.services.clock.now();
  const auto plan = call.services.settings.limits(stored);
  json::Writer out;
  out.begin_object()
      .member("success", true)
      .member("settings", call.services.settings.list(stored))
      .member("limits_now", catalog::limits_at(plan, catalog::local_time(now)))
      .member("local_time", local_time_text(now))
      .member("changes", TRY(catalog::setting_changes(db, kChangesShown)))
      .end_object();
  return http::json_response(out.take());
}

Result<http::Response> get_settings(Call& call) {
  return settings_answer(call, *TRY(database(call)));
}

struct Change {
  std::string key;
  std::optional<std::string> text;  // Absent: back to the default.
};

Result<Change> change_of(const SettingsDoor& door, const std::vector<SettingInfo>& infos,
                         std::string_view key, json::Value value) {
  const auto info = std::ranges::find(infos, key, &SettingInfo::key);
  // A key that nobody knows, or nobody may change, is refused whatever its value is.
  if (info == infos.end() || !info->changeable) {
    TRY(door.checked(key, ""));
    return fail(ErrorKind::conflict, codes::setting_fixed, "This setting cannot be changed here.");
  }
  Change change{.key = std::string(key)};
  if (value.is_null()) return change;
  const std::string text = TRY(text_of_value(*info, value));
  change.text = TRY(door.checked(key, text));
  return change;
}

Result<std::vector<Change>> changes_of(const Call& call, const std::vector<SettingInfo>& infos) {
  const auto document = TRY(json::Document::parse(call.request.body));
  std::vector<Change> changes;
  Result<> complaint;
  document.root().each_member([&](std::string_view key, json::Value value) {
    if (!complaint || key == "username") return;
    auto change = change_of(call.services.settings, infos, key, value);
    if (change) {
      changes.push_back(std::move(*change));
    } else {
      complaint = tl::unexpected{std::move(change).error()};
    }
  });
  TRY(std::move(complaint));
  return changes;
}

Result<http::Response> put_settings(Call& call) {
  const auto body = TRY(body_as<CallerBody>(call));
  TRY(name_caller(call, body.username));
  sqlite::Connection& db = *TRY(database(call));
  const auto stored = TRY(catalog::settings(db));
  const auto changes = TRY(changes_of(call, call.services.settings.list(stored)));
  const Time now = call.services.clock.now();
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  for (const Change& change : changes)
    TRY(catalog::change_setting(db, change.key, change.text, call.username, now));
  TRY(writing.commit());
  call.changed_state = true;
  call.services.wake_fetchers();
  return settings_answer(call, db);
}

using auth::Scope;
constexpr std::array kRoutes{
    Route{"GET", "/api/settings", Scope::admin, Body::ignored, get_settings, "get_settings",
          "get_settings", "Every setting, where it comes from, and the limits of this moment."},
    Route{"PUT", "/api/settings", Scope::admin, Body::json, put_settings, "update_settings",
          "update_settings", "Change some settings while the service runs."},
};

}  // namespace

std::span<const Route> settings_routes() {
  return kRoutes;
}

}  // namespace modelkeep::api
