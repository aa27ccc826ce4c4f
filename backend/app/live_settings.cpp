#include "app/live_settings.h"

#include <algorithm>
#include <utility>

#include "app/settings.h"
#include "base/clock.h"
#include "base/error_codes.h"
#include "base/log.h"
#include "sqlite/connection.h"

namespace modelkeep::app {
namespace {

constexpr std::int64_t kRefreshMs = 500;

bool is_fixed(const LoadedConfig& start, std::string_view key) {
  const auto from = start.provenance.find(key);
  return from != start.provenance.end() &&
         (from->second.origin == Origin::file || from->second.origin == Origin::environment);
}

const Setting* find_setting(std::string_view key) {
  const auto all = settings();
  const auto found = std::ranges::find(all, key, &Setting::key);
  return found == all.end() ? nullptr : &*found;
}

const catalog::Setting* find_stored(const std::vector<catalog::Setting>& stored,
                                    std::string_view key) {
  const auto found = std::ranges::find(stored, key, &catalog::Setting::key);
  return found == stored.end() ? nullptr : &*found;
}

/// The settings that may be changed, as they are when nobody has set them.
Config without_live_settings(const LoadedConfig& start) {
  Config config = start.config;
  config.limits = {};
  config.reserve_bytes.reset();
  config.upstream_check_hours = Config().upstream_check_hours;
  for (const Setting& setting : settings()) {
    if (!setting.live || !is_fixed(start, setting.key)) continue;
    // Its own text, which it has read before.
    static_cast<void>(setting.set(config, setting.show(start.config)));
  }
  return config;
}

api::SettingInfo info_of(const Setting& setting, const LoadedConfig& start, const Config& now,
                         const Config& fallback, const std::vector<catalog::Setting>& stored) {
  api::SettingInfo info{.key = setting.key,
                        .about = setting.manual,
                        .variable = variable_of(setting),
                        .kind = setting.kind == SettingKind::number    ? api::ValueKind::number
                                : setting.kind == SettingKind::windows ? api::ValueKind::windows
                                                                       : api::ValueKind::text};
  info.value = setting.show(setting.live ? now : start.config);
  info.fallback = setting.live ? setting.show(fallback) : std::string();
  const auto from = start.provenance.find(setting.key);
  info.fixed = is_fixed(start, setting.key);
  info.changeable = setting.live && !info.fixed;
  info.source = "default";
  if (info.fixed) {
    info.source = from->second.origin == Origin::file ? "file" : "environment";
  } else if (const auto* set = find_stored(stored, setting.key)) {
    info.source = "api";
    info.updated_at = set->updated_at;
    info.updated_by = set->updated_by;
  }
  return info;
}

Result<std::string> checked_value(const LoadedConfig& start, std::string_view key,
                                  std::string_view text) {
  const Setting* const setting = find_setting(key);
  if (setting == nullptr) {
    return fail(ErrorKind::invalid, codes::field_unknown,
                "There is no setting " + std::string(key.substr(0, 100)) + ".");
  }
  if (is_fixed(start, key)) {
    return fail(ErrorKind::conflict, codes::setting_fixed,
                std::string(key) + " is fixed by " + start.provenance.find(key)->second.detail +
                    "; change it there.");
  }
  if (!setting->live) {
    return fail(ErrorKind::conflict, codes::setting_fixed,
                std::string(key) + " is set by " + variable_of(*setting) +
                    " or the configuration file, and holds from the next start.");
  }
  Config tried = start.config;
  if (auto set = setting->set(tried, text); !set) {
    return fail(ErrorKind::invalid, codes::field_invalid,
                std::string(key) + ": " + set.error().message + ".");
  }
  return setting->show(tried);
}

}  // namespace

Config with_live_settings(const LoadedConfig& start, const std::vector<catalog::Setting>& stored) {
  Config config = without_live_settings(start);
  for (const catalog::Setting& one : stored) {
    const Setting* const setting = find_setting(one.key);
    if (setting == nullptr || !setting->live || is_fixed(start, one.key)) continue;
    if (const auto set = setting->set(config, one.value); !set)
      log::failure("setting.unreadable", set.error(), {{"key", one.key}});
  }
  return config;
}

api::SettingsDoor settings_door(std::shared_ptr<const LoadedConfig> start) {
  api::SettingsDoor door;
  door.list = [start](const std::vector<catalog::Setting>& stored) {
    const Config now = with_live_settings(*start, stored);
    const Config fallback = without_live_settings(*start);
    std::vector<api::SettingInfo> infos;
    for (const Setting& setting : settings())
      infos.push_back(info_of(setting, *start, now, fallback, stored));
    return infos;
  };
  door.checked = [start](std::string_view key, std::string_view text) {
    return checked_value(*start, key, text);
  };
  door.limits = [start](const std::vector<catalog::Setting>& stored) {
    return with_live_settings(*start, stored).limits;
  };
  door.reserve_bytes = [start](const std::vector<catalog::Setting>& stored) {
    std::optional<std::uint64_t> bytes;
    if (const auto set = with_live_settings(*start, stored).reserve_bytes)
      bytes = static_cast<std::uint64_t>(*set);
    return bytes;
  };
  return door;
}

struct LiveLimits::Known {
  std::optional<sqlite::Connection> db;
  Config config;
  std::optional<std::int64_t> read_at_ms;
};

LiveLimits::LiveLimits(std::shared_ptr<const LoadedConfig> start, catalog::StatePaths state)
    : start_(std::move(start)),
      state_(std::move(state)),
      known_(std::make_unique<Guarded<Known>>(Known{.config = start_->config})) {}
LiveLimits::~LiveLimits() = default;

void LiveLimits::refresh(Known& known) {
  const std::int64_t now_ms = system_clock().mono_ms();
  if (known.read_at_ms && now_ms - *known.read_at_ms < kRefreshMs) return;
  known.read_at_ms = now_ms;
  if (!known.db) {
    auto opened = catalog::open(state_);
    if (!opened) return;
    known.db = std::move(*opened);
  }
  const auto stored = catalog::settings(*known.db);
  if (stored) {
    known.config = with_live_settings(*start_, *stored);
  } else {
    known.db.reset();
  }
}

catalog::LimitsNow LiveLimits::now() {
  const auto moment = catalog::local_time(system_clock().now());
  return known_->with([&](Known& known) {
    refresh(known);
    return catalog::limits_at(known.config.limits, moment);
  });
}

std::optional<std::uint64_t> LiveLimits::reserve_bytes() {
  return known_->with([&](Known& known) {
    refresh(known);
    std::optional<std::uint64_t> bytes;
    if (known.config.reserve_bytes) bytes = static_cast<std::uint64_t>(*known.config.reserve_bytes);
    return bytes;
  });
}

int LiveLimits::upstream_check_hours() {
  return known_->with([&](Known& known) {
    refresh(known);
    return known.config.upstream_check_hours;
  });
}

}  // namespace modelkeep::app
