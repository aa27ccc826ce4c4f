#include "upstream/polite_transport.h"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"
#include "tests/support/scripted_transport.h"
#include "tests/support/test_store.h"
#include "upstream/hub.h"

namespace modelkeep::upstream {
namespace {

constexpr const char* kEndpoint = "https://hub.example/hf";
const std::string kInfo = R"({"id":"a/b","sha":")" + std::string(40, 'c') + R"("})";

/// A Hub that answers from a script, and two processes that share what it says of its limits.
struct World {
  explicit World(ScriptedTransport::Script script) : script_(std::move(script)) {}

  std::unique_ptr<net::Transport> process() {
    auto scripted = std::make_unique<ScriptedTransport>([this](const net::Request& request) {
      ++requests;
      return script_(request);
    });
    return make_polite(std::move(scripted), must(RateLimits::open(folder.path() + "/limits")),
                       clock, kEndpoint);
  }
  Hub hub(net::Transport& transport) { return {transport, clock, {.endpoint = kEndpoint}, ""}; }

  TempFolder folder;
  ManualClock clock;
  int requests = 0;

 private:
  ScriptedTransport::Script script_;
};

std::string ask(Hub& hub) {
  return code_of(hub.resolve("a/b", "main", "", [] { return true; }));
}

TEST(PoliteTransport, lets_a_hub_alone_that_said_so_also_from_another_process) {
  World world([](const net::Request&) -> ScriptedAnswer {
    return {.status = 429, .headers = {{"Retry-After", "42"}}};
  });
  const auto one = world.process();
  const auto other = world.process();
  Hub first = world.hub(*one);
  Hub second = world.hub(*other);
  EXPECT_EQ(ask(first), "upstream_rate_limited");
  EXPECT_EQ(ask(second), "upstream_rate_limited");
  EXPECT_EQ(second.wished_wait_s(), 42);
  EXPECT_EQ(world.requests, 1);
  world.clock.advance_ms(41'000);
  ask(second);
  EXPECT_EQ(world.requests, 1);
  world.clock.advance_ms(2'000);
  ask(second);
  EXPECT_EQ(world.requests, 2);
}

TEST(PoliteTransport, stops_before_it_is_refused_when_a_window_is_used_up) {
  World world([](const net::Request&) -> ScriptedAnswer {
    return {.headers = {{"RateLimit", R"("api";r=0;t=10)"}}, .body = kInfo};
  });
  const auto transport = world.process();
  Hub hub = world.hub(*transport);
  EXPECT_EQ(ask(hub), "");
  EXPECT_EQ(ask(hub), "upstream_rate_limited");
  EXPECT_EQ(world.requests, 1);
  world.clock.advance_ms(12'000);
  EXPECT_EQ(ask(hub), "");
}

TEST(PoliteTransport, counts_listings_and_files_apart_and_other_hosts_not_at_all) {
  EXPECT_EQ(quota_of("https://hub.example/a/b/resolve/c/d"), Quota::files);
  EXPECT_EQ(quota_of("https://hub.example/api/models/a/b"), Quota::api);
  World world([](const net::Request&) -> ScriptedAnswer { return {.body = kInfo}; });
  const auto transport = world.process();
  RateLimits limits = must(RateLimits::open(world.folder.path() + "/limits"));
  net::ResponseHead refused;
  refused.status = 429;
  refused.headers.add("Retry-After", "60");
  limits.note(Quota::files, refused, world.clock.now());
  Hub hub = world.hub(*transport);
  EXPECT_EQ(ask(hub), "");
  const auto status = [&](const char* url) {
    return must(net::send(*transport, {.url = url})).head.status;
  };
  EXPECT_EQ(status("https://hub.example/hf/a/b/resolve/c/d"), 429);
  EXPECT_EQ(status("https://hub.example/hfx/a/b/resolve/c/d"), 200);
  EXPECT_EQ(status("https://cdn.example/a/b/resolve/c/d"), 200);
}

TEST(PoliteTransport, refuses_in_a_session_as_the_hub_would) {
  World world([](const net::Request&) -> ScriptedAnswer {
    return {.status = 429, .headers = {{"Retry-After", "5"}}};
  });
  const auto transport = world.process();
  ask(*std::make_unique<Hub>(world.hub(*transport)));
  RateLimits limits = must(RateLimits::open(world.folder.path() + "/limits"));
  net::ResponseHead refused;
  refused.status = 429;
  refused.headers.add("Retry-After", "5");
  limits.note(Quota::files, refused, world.clock.now());
  struct Seen : net::Sink {
    Result<> begin(const net::ResponseHead& head) override {
      status = head.status;
      return {};
    }
    Result<> write(std::span<const char>) override { return {}; }
    int status = 0;
  } seen;
  const auto session = must(transport->open_bulk());
  must(session->start(7, {.url = std::string(kEndpoint) + "/a/b/resolve/c/d"}, seen));
  EXPECT_EQ(session->running(), 1U);
  const auto finished = session->drive(0);
  ASSERT_EQ(finished.size(), 1U);
  EXPECT_EQ(finished[0].key, 7U);
  EXPECT_EQ(seen.status, 429);
  EXPECT_EQ(session->running(), 0U);
  EXPECT_EQ(world.requests, 1);
}

TEST(RateLimits, are_an_hour_at_most_and_survive_a_clock_that_jumps_back) {
  TempFolder folder;
  RateLimits limits = must(RateLimits::open(folder.path() + "/limits"));
  net::ResponseHead refused;
  refused.status = 429;
  refused.headers.add("Retry-After", "1000000000");
  const Time now{1'769'077'800'000};
  limits.note(Quota::api, refused, now);
  EXPECT_EQ(limits.seconds_left(Quota::api, now), 3'600);
  EXPECT_EQ(limits.seconds_left(Quota::files, now), 0);
  EXPECT_EQ(limits.seconds_left(Quota::api, Time{now.ms - 86'400'000}), 0);
}

}  // namespace
}  // namespace modelkeep::upstream
