#include <chrono>
#include <string>

#include "base/digest.h"
#include "base/time_text.h"
#include "tests/hub/test_hub.h"

namespace modelkeep::standin {
namespace {

constexpr const char* kWeights = "/test/medium/resolve/main/model.safetensors";

class Faults : public TestHub {
 protected:
  RawAnswer weights(RequestHeaders headers = {}) { return follow(url_ + kWeights, headers); }
  std::uint64_t size() { return file("test/medium", "model.safetensors").size(); }
  std::string bytes() { return file("test/medium", "model.safetensors").content.all(); }
};

TEST_F(Faults, reset_breaks_off_after_the_ordered_bytes) {
  order(R"({"kind":"reset","match":"medium/model.safetensors","after_bytes":100000})");
  const RawAnswer broken = weights();
  EXPECT_TRUE(broken.was_reset);
  EXPECT_EQ(broken.body, bytes().substr(0, 100'000));
  EXPECT_EQ(sha256_hex(weights().body), sha256_hex(bytes())) << "once is once";
}

TEST_F(Faults, truncate_ends_as_if_all_were_well) {
  order(R"({"kind":"truncate","after_bytes":5000})");
  const RawAnswer cut = weights();
  EXPECT_FALSE(cut.was_reset);
  EXPECT_EQ(cut.body.size(), 5000U);
  EXPECT_EQ(cut.header("Content-Length"), std::to_string(size()));
}

TEST_F(Faults, stall_sends_some_and_then_nothing) {
  order(R"({"kind":"stall","after_bytes":10})");
  const RawAnswer first = get(url_ + kWeights);
  const RawAnswer stalled = ask("GET", first.header("Location"), {}, {}, 300);
  EXPECT_TRUE(stalled.timed_out);
  EXPECT_EQ(stalled.body.size(), 10U);
}

TEST_F(Faults, drip_goes_on_byte_by_byte) {
  order(R"({"kind":"drip","after_bytes":10,"bytes_per_s":100})");
  const RawAnswer first = get(url_ + kWeights, {});
  const RawAnswer dripped = ask("GET", first.header("Location"), {{"Range", "bytes=0-29"}});
  EXPECT_EQ(dripped.body, bytes().substr(0, 30));
}

TEST_F(Faults, silence_and_hangup_answer_nothing) {
  order(R"({"faults":[{"kind":"hangup","call":"info"},{"kind":"silence","call":"info"}]})");
  const RawAnswer hung_up = get(url_ + "/api/models/test/tiny");
  EXPECT_EQ(hung_up.status, 0);
  EXPECT_FALSE(hung_up.timed_out);
  EXPECT_TRUE(ask("GET", url_ + "/api/models/test/tiny", {}, {}, 200).timed_out);
}

TEST_F(Faults, rate_limits_speak_in_seconds_dates_and_nonsense) {
  for (const char* after : {"7", "date+7", "soon", "1000000000"}) {
    order(R"({"kind":"rate_limited","call":"tree","retry_after":")" + std::string{after} + "\"}");
    const RawAnswer refused = get(url_ + "/api/models/test/tiny/tree/main");
    EXPECT_EQ(refused.status, 429);
    if (std::string_view{after} == "date+7") {
      const auto at = parse_http_date(refused.header("Retry-After"));
      ASSERT_TRUE(at.has_value()) << refused.head;
      EXPECT_NEAR(static_cast<double>(at->ms - system_clock().now().ms), 7000.0, 2000.0);
    } else {
      EXPECT_EQ(refused.header("Retry-After"), after);
    }
  }
  EXPECT_EQ(get(url_ + "/api/models/test/tiny/tree/main").status, 200);
}

TEST_F(Faults, several_make_a_sequence) {
  order(R"({"faults":[{"kind":"status","status":500,"call":"info","times":2},
                      {"kind":"status","status":502,"call":"info","skip":1},
                      {"kind":"status","status":503,"call":"info"}]})");
  std::string seen;
  for (int i = 0; i < 6; ++i) {
    seen += std::to_string(get(url_ + "/api/models/test/tiny").status) + ' ';
  }
  // The third request passes the 502, which lets one go by, and meets the 503.
  EXPECT_EQ(seen, "500 500 503 502 200 200 ");
}

TEST_F(Faults, ranges_can_be_ignored_misplaced_and_mislabelled) {
  order(R"({"faults":[{"kind":"ignore_range"},{"kind":"wrong_start","bytes":10},
                      {"kind":"wrong_total","bytes":1},{"kind":"length_equals_offset"},
                      {"kind":"unsatisfiable"}]})");
  const RequestHeaders range{{"Range", "bytes=1000-1099"}};
  EXPECT_EQ(weights(range).status, 200);
  const RawAnswer early = weights(range);
  EXPECT_EQ(early.header("Content-Range"), "bytes 990-1089/" + std::to_string(size()));
  EXPECT_EQ(early.body, bytes().substr(990, 100));
  const RawAnswer total = weights(range);
  EXPECT_EQ(total.header("Content-Range"), "bytes 1000-1099/" + std::to_string(size() + 1));
  const RawAnswer trap = weights(range);
  EXPECT_EQ(trap.status, 200);
  EXPECT_EQ(trap.header("Content-Length"), "1000");
  EXPECT_EQ(weights(range).status, 416);
}

TEST_F(Faults, bodies_can_be_longer_than_listed_and_than_declared) {
  order(R"({"faults":[{"kind":"longer","bytes":7},{"kind":"overrun","bytes":9}]})");
  const RawAnswer longer = weights();
  EXPECT_EQ(longer.header("Content-Length"), std::to_string(size() + 7));
  EXPECT_EQ(longer.body.size(), size() + 7);
  const RawAnswer overrun = weights();
  EXPECT_EQ(overrun.header("Content-Length"), std::to_string(size()));
  EXPECT_EQ(overrun.body.size(), size() + 9);
  EXPECT_EQ(overrun.body.substr(0, size()), bytes());
}

TEST_F(Faults, lengths_can_be_missing) {
  order(R"({"faults":[{"kind":"no_length"},{"kind":"chunked"},{"kind":"endless"}]})");
  const RawAnswer bare = weights();
  EXPECT_EQ(bare.header("Content-Length"), "");
  EXPECT_EQ(bare.body, bytes());
  const RawAnswer chunked = weights();
  EXPECT_EQ(chunked.header("Transfer-Encoding"), "chunked");
  EXPECT_TRUE(chunked.body.ends_with("0\r\n\r\n"));
  const RawAnswer endless = weights();
  EXPECT_EQ(endless.header("Content-Length"), "");
  EXPECT_GT(endless.body.size(), 2 * size());
}

TEST_F(Faults, a_flip_strikes_the_answer_that_carries_its_place) {
  order(R"({"kind":"flip","at":5000,"count":2})");
  EXPECT_EQ(weights({{"Range", "bytes=0-4999"}}).body, bytes().substr(0, 5000));
  std::string expected = bytes().substr(4990, 20);
  expected[10] = static_cast<char>(~expected[10]);
  expected[11] = static_cast<char>(~expected[11]);
  EXPECT_EQ(weights({{"Range", "bytes=4990-5009"}}).body, expected);
  EXPECT_EQ(weights({{"Range", "bytes=4990-5009"}}).body, bytes().substr(4990, 20));
}

TEST_F(Faults, a_flip_without_a_place_finds_one_by_its_seed) {
  order(R"({"kind":"flip","seed":42,"times":2})");
  const std::string once = weights().body;
  EXPECT_EQ(once.size(), size());
  EXPECT_NE(once, bytes());
  EXPECT_EQ(weights().body, once);
}

TEST_F(Faults, bodies_can_be_html_half_json_and_gzip) {
  order(R"({"faults":[{"kind":"html","call":"info"},{"kind":"broken_json","call":"info"}]})");
  const RawAnswer html = get(url_ + "/api/models/test/tiny");
  EXPECT_EQ(html.status, 200);
  EXPECT_TRUE(html.header("Content-Type").starts_with("text/html"));
  EXPECT_FALSE(json::Document::parse(get(url_ + "/api/models/test/tiny").body).has_value());
  order(R"({"faults":[{"kind":"gzip"},{"kind":"gzip_bomb"}]})");
  const RawAnswer gzip = weights();
  EXPECT_EQ(gzip.header("Content-Encoding"), "gzip");
  EXPECT_TRUE(gzip.body.starts_with("\x1F\x8B"));
  EXPECT_LT(weights().body.size(), 1'000'000U);
}

TEST_F(Faults, redirects_lead_astray) {
  struct Row {
    const char* kind;
    std::string location;
  };
  const Row rows[] = {
      {"redirect_file", "file:///etc/passwd"},
      {"redirect_ftp", "ftp" + hub_->sink_url().substr(4) + "/model.bin"},
      {"redirect_http", std::string{"http://elsewhere.invalid"} + kWeights},
      {"redirect_metadata", "http://169.254.169.254/latest/meta-data/"},
      {"redirect_sink", hub_->sink_url() + kWeights},
      {"redirect_loop", kWeights},
  };
  for (const Row& row : rows) {
    order(R"({"kind":")" + std::string{row.kind} + "\"}");
    EXPECT_EQ(get(url_ + kWeights).header("Location"), row.location);
  }
}

TEST_F(Faults, hops_end_in_the_answer) {
  order(R"({"kind":"redirect_hops","count":6})");
  EXPECT_EQ(weights().body.size(), size());
  EXPECT_EQ(hub_->log().count(Call::resolve), 7U);
}

TEST_F(Faults, a_visitor_of_the_sink_is_on_record) {
  order(R"({"kind":"redirect_sink"})");
  const std::string location = get(url_ + kWeights).header("Location");
  EXPECT_EQ(get(location, as("owner")).status, 404);
  EXPECT_EQ(hub_->log().token_leaks, 1U);
  EXPECT_EQ(hub_->log().count(Call::sink), 1U);
}

TEST_F(Faults, heads_can_be_huge) {
  order(
      R"({"faults":[{"kind":"huge_header","call":"info"},{"kind":"many_headers","call":"info"}]})");
  EXPECT_GT(get(url_ + "/api/models/test/tiny").head.size(), 1U << 20U);
  EXPECT_FALSE(get(url_ + "/api/models/test/tiny").header("X-Padding-9999").empty());
}

TEST_F(Faults, a_branch_moves_between_two_requests) {
  order(R"({"kind":"branch_moves","match":"test/tiny","skip":1})");
  const auto commit = [&] {
    return std::string{*json_of(get(url_ + "/api/models/test/tiny")).root()["sha"].as_string()};
  };
  const std::string before = commit();
  EXPECT_NE(commit(), before);
  EXPECT_EQ(get(url_ + "/api/models/test/tiny/revision/" + before).status, 200);
  EXPECT_EQ(follow(url_ + "/test/tiny/resolve/main/MOVED.md").status, 200);
  hub_->reset();
  EXPECT_EQ(commit(), before);
}

TEST_F(Faults, a_repository_goes_or_closes_midway) {
  order(R"({"kind":"repo_deleted","match":"test/tiny"})");
  EXPECT_EQ(get(url_ + "/api/models/test/tiny", as("reader")).status, 404);
  hub_->reset();
  EXPECT_EQ(get(url_ + "/api/models/test/tiny").status, 200);
  order(R"({"kind":"repo_gated","match":"test/tiny","call":"resolve","skip":1})");
  EXPECT_EQ(get(url_ + "/test/tiny/resolve/main/config.json").status, 307);
  EXPECT_EQ(get(url_ + "/test/tiny/resolve/main/config.json").header("X-Error-Code"), "GatedRepo");
}

TEST_F(Faults, an_order_that_makes_no_sense_is_refused) {
  for (const char* text : {R"({"kind":"earthquake"})", R"({"match":"x"})", "[]", "{",
                           R"({"kind":"reset","after":1})"}) {
    EXPECT_FALSE(hub_->add_faults(text).has_value()) << text;
    EXPECT_EQ(ask("POST", url_ + "/_standin/faults", {}, text).status, 400) << text;
  }
}

TEST_F(Faults, stop_does_not_wait_for_those_who_stall) {
  order(R"({"kind":"endless"})");
  const auto begin = std::chrono::steady_clock::now();
  hub_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

}  // namespace
}  // namespace modelkeep::standin
