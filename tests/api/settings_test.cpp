#include "catalog/settings.h"

#include <string>

#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/api/api_fixture.h"

namespace modelkeep::api {
namespace {

/// Two settings that may be changed, and one that the environment fixes.
SettingsDoor door() {
  SettingsDoor door;
  const auto value_of = [](const SettingsDoor::Stored& stored, std::string_view key) {
    for (const catalog::Setting& one : stored)
      if (one.key == key) return one.value;
    return std::string(key == "limits.downloads" ? "2" : "");
  };
  door.list = [=](const SettingsDoor::Stored& stored) {
    return std::vector<SettingInfo>{
        {.key = "limits.downloads",
         .kind = ValueKind::number,
         .value = value_of(stored, "limits.downloads"),
         .fallback = "2",
         .changeable = true},
        {.key = "limits.windows",
         .kind = ValueKind::windows,
         .value = value_of(stored, "limits.windows"),
         .changeable = true},
        {.key = "listen", .value = "127.0.0.1:5000", .source = "environment", .fixed = true}};
  };
  door.checked = [](std::string_view key, std::string_view text) -> Result<std::string> {
    if (key == "listen") return fail(ErrorKind::conflict, codes::setting_fixed, "Fixed.");
    if (!key.starts_with("limits.")) return fail(ErrorKind::invalid, codes::field_unknown, "None.");
    if (key == "limits.downloads" && text == "0")
      return fail(ErrorKind::invalid, codes::field_invalid, "Too few.");
    return std::string(text);
  };
  door.limits = [=](const SettingsDoor::Stored& stored) {
    catalog::LimitPlan plan;
    plan.downloads = static_cast<int>(*parse_decimal(value_of(stored, "limits.downloads")));
    plan.windows = *catalog::parse_windows(value_of(stored, "limits.windows"));
    return plan;
  };
  return door;
}

class SettingsApi : public testing::Test {
 protected:
  SettingsApi() {
    api_.services().settings = door();
    api_.restart();
  }
  ApiFixture api_;
};

constexpr const char* kPath = "/api/settings";

TEST_F(SettingsApi, shows_values_as_what_they_are_and_the_limits_of_this_moment) {
  const Answer answer = api_.get(kPath);
  ASSERT_EQ(answer.status, 200) << answer.text;
  EXPECT_EQ(answer["settings"][std::size_t{0}]["value"].as_int(), 2);
  EXPECT_EQ(answer["settings"][std::size_t{1}]["value"].size(), 0u);
  EXPECT_TRUE(answer["settings"][std::size_t{1}]["value"].is_array());
  EXPECT_EQ(answer["settings"][std::size_t{2}]["fixed"].as_bool(), true);
  EXPECT_EQ(answer["limits_now"]["downloads"].as_int(), 2);
  EXPECT_EQ(answer["local_time"].as_string()->size(), 25u);
}

TEST_F(SettingsApi, takes_some_and_leaves_the_rest) {
  const Answer answer = api_.put(
      kPath,
      R"({"limits.windows":[{"days":["sun","mon"],"from":"22:00","to":"06:00","downloads":1},)"
      R"({"from":"00:00","to":"24:00","bytes_per_second":5}],"username":"ada"})");
  ASSERT_EQ(answer.status, 200) << answer.text;
  const json::Value windows = answer["settings"][std::size_t{1}]["value"];
  EXPECT_EQ(windows[std::size_t{0}]["days"][std::size_t{0}].as_string(), "mon");
  EXPECT_EQ(windows[std::size_t{1}]["days"].size(), 7u);
  EXPECT_EQ(windows[std::size_t{1}]["to"].as_string(), "24:00");
  EXPECT_EQ(answer["settings"][std::size_t{0}]["value"].as_int(), 2);
  EXPECT_EQ(answer["changes"][std::size_t{0}]["changed_by"].as_string(), "ada");
  EXPECT_EQ(api_.wakes(), 1);
}

TEST_F(SettingsApi, brings_the_default_back_with_null) {
  api_.put(kPath, R"({"limits.downloads":9})");
  EXPECT_EQ(api_.get(kPath)["limits_now"]["downloads"].as_int(), 9);
  EXPECT_EQ(api_.put(kPath, R"({"limits.downloads":null})")["limits_now"]["downloads"].as_int(), 2);
  EXPECT_EQ(api_.get(kPath)["changes"].size(), 2u);
}

TEST_F(SettingsApi, does_all_of_a_change_or_nothing) {
  const Answer answer = api_.put(kPath, R"({"limits.downloads":9,"speed":1})");
  EXPECT_EQ(answer.code(), "field_unknown");
  EXPECT_EQ(api_.get(kPath)["limits_now"]["downloads"].as_int(), 2);
}

TEST_F(SettingsApi, refuses_what_is_wrong_with_a_code_each) {
  const std::pair<const char*, const char*> cases[] = {
      {"{", "json_invalid"},
      {"[]", "field_type"},
      {R"({"speed":1})", "field_unknown"},
      {R"({"listen":"0.0.0.0:80"})", "setting_fixed"},
      {R"({"limits.downloads":"3"})", "field_type"},
      {R"({"limits.downloads":-1})", "field_type"},
      {R"({"limits.downloads":1.5})", "field_type"},
      {R"({"limits.downloads":0})", "field_invalid"},
      {R"({"limits.downloads":1,"limits.downloads":2})", "json_duplicate_key"},
      {R"({"limits.windows":"always"})", "field_type"},
      {R"({"limits.windows":["always"]})", "field_type"},
      {R"({"limits.windows":[{"from":"08:00","downloads":1}]})", "field_missing"},
      {R"({"limits.windows":[{"from":"8","to":"20:00","downloads":1}]})", "field_invalid"},
      {R"({"limits.windows":[{"from":"08:00","to":"20:00"}]})", "field_invalid"},
      {R"({"limits.windows":[{"from":"08:00","to":"20:00","days":[],"downloads":1}]})",
       "field_invalid"},
      {R"({"limits.windows":[{"from":"08:00","to":"20:00","days":["x"],"downloads":1}]})",
       "field_invalid"},
      {R"({"limits.windows":[{"from":"08:00","to":"20:00","speed":1}]})", "field_unknown"},
  };
  for (const auto& [body, code] : cases) EXPECT_EQ(api_.put(kPath, body).code(), code) << body;
}

TEST_F(SettingsApi, is_for_admins) {
  api_.services().gate.granted = auth::Scope::download;
  api_.restart();
  EXPECT_EQ(api_.get(kPath).code(), "scope_insufficient");
  EXPECT_EQ(api_.put(kPath, "{}").code(), "scope_insufficient");
}

TEST_F(SettingsApi, says_of_downloads_that_they_wait_for_their_hours) {
  api_.ask("gpt2");
  EXPECT_EQ(api_.get("/api/downloads/1")["download"]["wait_reason"].as_string(), "slot");
  api_.put(kPath, R"({"limits.windows":[{"from":"00:00","to":"24:00","downloads":0}]})");
  EXPECT_EQ(api_.get("/api/downloads/1")["download"]["wait_reason"].as_string(), "window");
}

TEST_F(SettingsApi, the_reserve_of_health_is_the_one_that_was_set) {
  ASSERT_TRUE(catalog::beat(api_.db(), "fetcher:0", api_.clock().now()));
  EXPECT_EQ(api_.get("/api/health")["checks"]["disk"]["status"].as_string(), "ok");
  api_.services().settings.reserve_bytes = [](const auto&) {
    return std::optional(std::uint64_t{1} << 60);
  };
  api_.restart();
  const Answer answer = api_.get("/api/health");
  EXPECT_EQ(answer["status"].as_string(), "degraded");
  EXPECT_EQ(answer["checks"]["disk"]["reserve_bytes"].as_int(), std::int64_t{1} << 60);
}

}  // namespace
}  // namespace modelkeep::api
