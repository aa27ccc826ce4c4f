// The Hub away, and the Hub asking for patience: what the whole service makes of it.
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

class Mirrors : public RunningStore {};

TEST_F(Mirrors, bring_a_model_while_the_hub_is_away) {
  Hub mirror;
  ASSERT_TRUE(start({.upstream = "http://127.0.0.1:1",
                     .environment = {{"MODELKEEP_UPSTREAM_MIRRORS", mirror.url()},
                                     {"HF_TOKEN", "hf_standin0owner00000000000000000000000"}}}));
  ASSERT_TRUE(fetch("test/medium"));
  EXPECT_EQ(model("test_medium").text("model.integrity"), "verified");
  const Answer log = mirror.log();
  for (std::size_t i = 0; i < log.size("requests"); ++i)
    EXPECT_FALSE(log.flag("requests." + std::to_string(i) + ".had_authorization"));
  expect_whole(service());
}

TEST_F(Mirrors, of_this_server_itself_are_refused_at_the_start) {
  prepare();
  service().environment()["MODELKEEP_UPSTREAM_MIRRORS"] = service().url();
  ASSERT_TRUE(service().launch());
  EXPECT_TRUE(wait_until([this] { return !service().running(); }, 10'000));
  EXPECT_NE(service().log().find("upstream.mirrors"), std::string::npos);
}

TEST_F(Mirrors, a_hub_that_wants_patience_gets_it_from_every_fetcher) {
  ASSERT_TRUE(start({}, {"--quota-api", "3", "--quota-window-s", "3"}));
  std::vector<std::int64_t> downloads;
  for (const char* name : {"test/tiny", "test/medium", "test/formats", "test/sharded"})
    downloads.push_back(ask(name));
  bool said_when = false;
  wait_until(
      [&] {
        for (const std::int64_t id : downloads) {
          const Answer answer = download(id);
          said_when = said_when || (answer.text("download.wait_reason") == "rate_limited" &&
                                    !answer.text("download.next_try_at").empty());
        }
        return said_when;
      },
      10'000);
  EXPECT_TRUE(said_when);
  for (const std::int64_t id : downloads) EXPECT_TRUE(wait_for(id, "ready", 40'000));
  const Answer log = hub().log();
  std::size_t refused = 0;
  for (std::size_t i = 0; i < log.size("requests"); ++i)
    refused += log.number("requests." + std::to_string(i) + ".status") == 429 ? 1 : 0;
  EXPECT_LE(refused, 6U) << "two fetchers may cross at the end of a window";
}

}  // namespace
}  // namespace modelkeep::system_test
