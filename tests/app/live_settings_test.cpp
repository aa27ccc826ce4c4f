#include "app/live_settings.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "app/settings.h"
#include "tests/support/test_store.h"

namespace modelkeep::app {
namespace {

std::shared_ptr<const LoadedConfig> started_with(Variables environment) {
  environment["MODELS_MOUNT_POINT"] = "/mnt/models";
  ConfigSources sources;
  sources.environment = std::move(environment);
  sources.working_dir = "/";
  return std::make_shared<const LoadedConfig>(must(load_config(sources)));
}

catalog::Setting stored(const char* key, const char* value) {
  return {.key = key, .value = value, .updated_at = Time{1}, .updated_by = "ada"};
}

TEST(LiveSettings, are_those_of_the_database_over_the_default) {
  const auto start = started_with({});
  EXPECT_EQ(with_live_settings(*start, {}).limits.downloads, 2);
  const Config config = with_live_settings(
      *start, {stored("limits.downloads", "5"), stored("storage.reserve_bytes", "7"),
               stored("limits.windows", "08:00-20:00 downloads=1")});
  EXPECT_EQ(config.limits.downloads, 5);
  EXPECT_EQ(config.reserve_bytes, 7);
  EXPECT_EQ(config.limits.windows.size(), 1u);
}

TEST(LiveSettings, say_how_often_upstream_is_looked_at_for_newer_commits) {
  const auto start = started_with({});
  EXPECT_EQ(with_live_settings(*start, {}).upstream_check_hours, 24);
  EXPECT_EQ(with_live_settings(*start, {stored("upstream.check_hours", "0")}).upstream_check_hours,
            0);
  const auto fixed = started_with({{"MODELKEEP_UPSTREAM_CHECK_HOURS", "6"}});
  EXPECT_EQ(with_live_settings(*fixed, {stored("upstream.check_hours", "0")}).upstream_check_hours,
            6);
}

TEST(LiveSettings, never_go_over_what_the_environment_fixed) {
  const auto start = started_with({{"MODELKEEP_LIMITS_DOWNLOADS", "3"}});
  EXPECT_EQ(with_live_settings(*start, {stored("limits.downloads", "5")}).limits.downloads, 3);
}

TEST(LiveSettings, that_cannot_be_read_leave_the_default) {
  const auto start = started_with({});
  const Config config =
      with_live_settings(*start, {stored("limits.downloads", "many"), stored("limits.gone", "1"),
                                  stored("mount_point", "/elsewhere")});
  EXPECT_EQ(config.limits.downloads, 2);
  EXPECT_EQ(config.mount_point, "/mnt/models");
}

TEST(SettingsDoor, accepts_what_may_be_changed_and_says_why_not_else) {
  const auto door = settings_door(started_with({{"MODELKEEP_LIMITS_CONNECTIONS", "4"}}));
  EXPECT_EQ(must(door.checked("limits.downloads", "64")), "64");
  EXPECT_EQ(must(door.checked("limits.windows", "mon 08:00-20:00 downloads=1")),
            "mon 08:00-20:00 downloads=1");
  EXPECT_EQ(must(door.checked("limits.windows", "")), "");
}

TEST(SettingsDoor, refuses_with_a_code_each) {
  const auto door = settings_door(started_with({{"MODELKEEP_LIMITS_CONNECTIONS", "4"}}));
  struct Case {
    const char* key;
    const char* text;
    std::string_view code;
  };
  const Case cases[] = {
      {"limits.downloads", "0", codes::field_invalid},
      {"limits.downloads", "65", codes::field_invalid},
      {"limits.downloads", "", codes::field_invalid},
      {"limits.windows", "8:00-9:00 downloads=1", codes::field_invalid},
      {"limits.connections", "5", codes::setting_fixed},
      {"mount_point", "/mnt", codes::setting_fixed},
      {"upstream.mirrors", "http://10.0.0.2:8090", codes::setting_fixed},
      {"limits.speed", "1", codes::field_unknown},
      {"", "", codes::field_unknown},
  };
  for (const Case& one : cases)
    EXPECT_EQ(code_of(door.checked(one.key, one.text)), one.code) << one.key << " " << one.text;
}

TEST(SettingsDoor, tells_of_every_setting_where_it_comes_from) {
  const auto door = settings_door(started_with({{"MODELKEEP_LIMITS_CONNECTIONS", "4"}}));
  const auto infos = door.list({stored("limits.downloads", "5")});
  EXPECT_EQ(infos.size(), settings().size());
  const auto of = [&](std::string_view key) {
    return *std::ranges::find(infos, key, &api::SettingInfo::key);
  };
  EXPECT_EQ(of("limits.downloads").value, "5");
  EXPECT_EQ(of("limits.downloads").fallback, "2");
  EXPECT_EQ(of("limits.downloads").source, "api");
  EXPECT_EQ(of("limits.downloads").updated_by, "ada");
  EXPECT_TRUE(of("limits.downloads").changeable);
  EXPECT_EQ(of("limits.connections").source, "environment");
  EXPECT_FALSE(of("limits.connections").changeable);
  EXPECT_EQ(of("limits.bytes_per_second").source, "default");
  EXPECT_FALSE(of("mount_point").changeable);
}

TEST(LiveLimits, follow_the_database_within_a_second) {
  TestStore store;
  LiveLimits limits(started_with({}), store.paths());
  EXPECT_EQ(limits.now().downloads, 2);
  must(catalog::set_setting(store.db(), "limits.downloads", "6", "ada", store.now()));
  for (int i = 0; i < 300 && limits.now().downloads != 6; ++i) system_clock().sleep_ms(10);
  EXPECT_EQ(limits.now().downloads, 6);
}

TEST(OpenScope, is_everything_on_loopback_and_less_elsewhere) {
  struct Case {
    const char* listen;
    const char* scopes;
    auth::Scope granted;
  };
  const Case cases[] = {
      {"127.0.0.1:5000", "", auth::Scope::admin},
      {"0.0.0.0:5000", "", auth::Scope::download},
      {"0.0.0.0:5000", "read", auth::Scope::read},
      {"0.0.0.0:5000", "read, download, admin", auth::Scope::admin},
      {"0.0.0.0:5000", "admin", auth::Scope::admin},
      {"127.0.0.1:5000", "read", auth::Scope::read},
  };
  for (const Case& one : cases) {
    const auto start = started_with({{"MODELKEEP_LISTEN", one.listen},
                                     {"MODELKEEP_AUTH_MODE", "open"},
                                     {"MODELKEEP_AUTH_OPEN_SCOPES", one.scopes}});
    EXPECT_EQ(open_scope_of(start->config), one.granted) << one.listen << " " << one.scopes;
  }
}

TEST(OpenScope, refuses_words_that_are_no_scope) {
  ConfigSources sources;
  sources.environment = {{"MODELKEEP_AUTH_OPEN_SCOPES", "read,write"}};
  EXPECT_EQ(code_of(load_config(sources)), codes::setting_invalid);
}

}  // namespace
}  // namespace modelkeep::app
