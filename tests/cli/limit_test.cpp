#include <gtest/gtest.h>

#include "cli/limit_window.h"
#include "tests/cli/fake_world.h"

namespace modelkeep::cli {
namespace {

const std::string kSettings =
    R"({"success":true,"settings":[)"
    R"({"key":"limits.downloads","about":"","variable":"MODELKEEP_LIMITS_DOWNLOADS","value":3,"source":"api","fixed":false,"changeable":true,"updated_by":"ana"},)"
    R"({"key":"limits.connections","about":"","variable":"MODELKEEP_LIMITS_CONNECTIONS","value":16,"source":"environment","fixed":true,"changeable":false},)"
    R"({"key":"limits.windows","about":"","variable":"MODELKEEP_LIMITS_WINDOWS","value":[)"
    R"({"days":["mon","tue"],"from":"08:00","to":"20:00","bytes_per_second":200000000},)"
    R"({"days":["mon","tue","wed","thu","fri","sat","sun"],"from":"22:00","to":"06:00","downloads":0}],"source":"api","fixed":false,"changeable":true},)"
    R"({"key":"mount_point","about":"","variable":"MODELS_MOUNT_POINT","value":"/mnt","source":"file","fixed":true,"changeable":false}],)"
    R"("limits_now":{"downloads":3,"connections":16,"bytes_per_second":200000000,"bytes_per_second_per_download":0,"window":0},)"
    R"("local_time":"2026-01-22T11:30:00+01:00","changes":[]})";

TEST(Limit, shows_what_holds_and_when) {
  FakeWorld world;
  world.answers("GET /api/settings", 200, kSettings);
  EXPECT_EQ(world.run("limit"), kDone) << world.talk();
  EXPECT_EQ(world.out(),
            "downloads at once   3  (set by ana)\n"
            "connections         16  (fixed by MODELKEEP_LIMITS_CONNECTIONS)\n"
            "in all              200.0 MB/s\n"
            "a download          no limit\n"
            "the server's clock  11:30 (UTC+01:00)\n"
            "windows             mon, tue 08:00-20:00: 200.0 MB/s in all  (now)\n"
            "                    22:00-06:00: nothing is fetched\n");
}

TEST(Limit, sets_what_is_named_and_nothing_else) {
  struct Case {
    std::vector<std::string> words;
    const char* body;
  };
  const Case cases[] = {
      {{"limit", "--downloads", "3"}, R"({"limits.downloads":3})"},
      {{"limit", "--rate", "500MB/s", "-c", "8"},
       R"({"limits.connections":8,"limits.bytes_per_second":500000000})"},
      {{"limit", "--rate", "none"}, R"({"limits.bytes_per_second":0})"},
      {{"limit", "--rate-per-download", "1.5GB"},
       R"({"limits.bytes_per_second_per_download":1500000000})"},
      {{"limit", "--no-windows"}, R"({"limits.windows":[]})"},
      {{"limit", "--window", "sat-mon 08:00-20:00 200MB/s", "--window", "22:00-06:00 downloads=0"},
       R"({"limits.windows":[{"days":["sat","sun","mon"],"from":"08:00","to":"20:00","bytes_per_second":200000000},)"
       R"({"from":"22:00","to":"06:00","downloads":0}]})"},
      {{"limit", "--default"},
       R"({"limits.downloads":null,"limits.connections":null,"limits.bytes_per_second":null,)"
       R"("limits.bytes_per_second_per_download":null,"limits.windows":null})"},
  };
  for (const Case& one : cases) {
    FakeWorld world;
    world.answers("PUT /api/settings", 200, kSettings);
    EXPECT_EQ(world.run(one.words), kDone) << one.body << world.talk();
    ASSERT_EQ(world.requests.size(), 1u) << one.body;
    EXPECT_EQ(world.requests[0].body, one.body);
  }
}

TEST(Limit, mistakes_are_told_without_a_request) {
  const std::vector<std::vector<std::string>> lines = {
      {"limit", "--rate", "fast"},
      {"limit", "--downloads", "many"},
      {"limit", "--window", "08:00-20:00"},
      {"limit", "--window", "someday 08:00-20:00 1MB"},
      {"limit", "--window", "08:00-20:00 speed=1"},
      {"limit", "--default", "--downloads", "2"},
      {"limit", "--no-windows", "--window", "08:00-20:00 1MB"},
      {"limit", "3"},
  };
  for (const auto& words : lines) {
    FakeWorld world;
    EXPECT_EQ(world.run(words), kWrongUsage) << words.back();
    EXPECT_TRUE(world.requests.empty()) << words.back();
  }
}

TEST(LimitWindow, is_read_in_any_order_of_its_parts) {
  const auto window =
      parse_limit_window("rate-per-download=10MB 06:00-07:30 sat,sun connections=4");
  ASSERT_TRUE(window);
  EXPECT_EQ(window->from, "06:00");
  EXPECT_EQ(window->to, "07:30");
  EXPECT_EQ(window->days, (std::vector<std::string>{"sat", "sun"}));
  EXPECT_EQ(window->limits.connections, 4);
  EXPECT_EQ(window->limits.bytes_per_second_per_download, 10'000'000);
  EXPECT_FALSE(window->limits.bytes_per_second);
}

}  // namespace
}  // namespace modelkeep::cli
