#include <gtest/gtest.h>

#include "cli/queue_view.h"
#include "cli/queue_watch.h"
#include "cli/terminal_text.h"
#include "tests/cli/fake_world.h"

namespace modelkeep::cli {
namespace {

using Calls = std::vector<std::string>;

Download running(std::int64_t id, const std::string& name) {
  Download download;
  download.id = id;
  download.model_name = name;
  download.status = "downloading";
  download.bytes_done = 1'000'000;
  download.bytes_total = 4'000'000;
  download.bytes_per_second = 500'000;
  download.requested_by = {{"ana"}};
  return download;
}

Download waiting(std::int64_t id, const std::string& name, std::int64_t position) {
  Download download;
  download.id = id;
  download.model_name = name;
  download.status = "queued";
  download.wait_reason = "order";
  download.position = position;
  return download;
}

Screen terminal(int columns, int rows) {
  return {.terminal = true, .colour = false, .utf8 = false, .columns = columns, .rows = rows};
}

TEST(QueueFrame, shows_what_runs_then_the_queue_in_its_order) {
  const Output out(2, terminal(70, 24));
  const auto lines =
      queue_frame({.text = "gpu1"}, {waiting(9, "b", 2), waiting(8, "a", 1), running(7, "r")}, out);
  ASSERT_EQ(lines.size(), 7u);
  EXPECT_EQ(lines[1], "7  r  for ana");
  EXPECT_NE(lines[2].find("25%  1.0 MB of 4.0 MB  500.0 kB/s"), std::string::npos) << lines[2];
  EXPECT_EQ(lines[3], "8  a");
  EXPECT_EQ(lines[4], "  queued: waits for its turn");
  EXPECT_EQ(lines[5], "9  b");
}

TEST(QueueFrame, fits_every_screen) {
  std::vector<Download> downloads = {running(1, std::string(200, 'm'))};
  for (int i = 2; i < 60; ++i) downloads.push_back(waiting(i, "owner/model\x1b[2J", i - 1));
  for (const int columns : {20, 33, 80, 200}) {
    for (const int rows : {4, 10, 24}) {
      const Output out(2, terminal(columns, rows));
      const auto lines = queue_frame({.text = std::string(300, 's')}, downloads, out);
      EXPECT_LE(static_cast<int>(lines.size()), std::max(rows - 1, 4)) << columns << "x" << rows;
      for (const std::string& line : lines) {
        EXPECT_LT(columns_of(line), columns) << line;
        EXPECT_EQ(line.find('\x1b'), std::string::npos) << line;
      }
    }
  }
}

std::string page_of(const std::string& downloads) {
  return R"({"success":true,"seq":1,"total":1,"downloads":[)" + downloads + "]}";
}

const std::string kRunning =
    R"({"id":12,"model_name":"gpt2","status":"downloading","bytes_done":1000,"bytes_total":2000})";
const std::string kQueue = "GET /api/downloads?limit=200&status=active";

TEST(QueueOrder, is_changed_by_place_and_by_priority) {
  FakeWorld world;
  world.answers(
      "PATCH /api/downloads/12", 200,
      R"({"success":true,"download":{"id":12,"status":"queued","model_name":"gpt2","priority":"high","position":1}})");
  EXPECT_EQ(world.run("queue move 12 1"), kDone);
  EXPECT_EQ(world.out(), "download 12 of gpt2 has high priority and place 1 in the queue\n");
  EXPECT_EQ(world.run("queue priority 12 high"), kDone);
  EXPECT_EQ(world.requests[0].body, R"({"position":1})");
  EXPECT_EQ(world.requests[1].body, R"({"priority":"high"})");
}

TEST(QueueOrder, takes_the_model_for_its_unfinished_download) {
  FakeWorld world;
  world.answers(
      "GET /api/downloads?model_id=gpt2&limit=200", 200,
      R"({"success":true,"downloads":[{"id":9,"status":"ready"},{"id":4,"status":"queued"}]})");
  world.run("queue move gpt2 2");
  EXPECT_EQ(world.calls().at(1), "PATCH /api/downloads/4");
}

TEST(QueueOrder, mistakes_are_told_without_a_request) {
  for (const char* line :
       {"queue move", "queue move 12", "queue move 12 0", "queue move 12 first",
        "queue priority 12 urgent", "queue 12", "queue move 12 1 --watch", "queue --watch --all"}) {
    FakeWorld world;
    EXPECT_EQ(world.run(line), kWrongUsage) << line;
    EXPECT_TRUE(world.requests.empty()) << line;
  }
}

/// A watch whose looks a test takes one by one.
class Watching : public testing::Test {
 protected:
  void begin(Screen screen) {
    out_.emplace(world_.out_fd(), screen);
    talk_.emplace(world_.talk_fd(), screen);
    inner_.emplace(
        World{.out = *out_,
              .talk = *talk_,
              .send = [this](const HttpRequest& request) { return world_.answer(request); },
              .clock = world_.clock,
              .environment = [](const char*) { return std::nullopt; },
              .ask = {},
              .refusal = {}});
    client_.emplace(Settings{.server = "http://localhost:5000", .token = ""}, "ana", *inner_);
    watch_.emplace(*client_, *inner_);
  }

  FakeWorld world_;
  std::optional<Output> out_;
  std::optional<Output> talk_;
  std::optional<World> inner_;
  std::optional<Client> client_;
  std::optional<QueueWatch> watch_;
};

TEST_F(Watching, draws_over_what_it_drew_and_shows_the_cursor_at_the_end) {
  world_.answers(kQueue, 200, page_of(kRunning));
  begin(terminal(60, 24));
  ASSERT_TRUE(watch_->look());
  const std::string first = world_.out();
  EXPECT_TRUE(first.starts_with("\x1b[?25l\r")) << first;
  ASSERT_TRUE(watch_->look());
  EXPECT_TRUE(world_.out().starts_with("\x1b[?25l\x1b[2A\r"));
  EXPECT_EQ(watch_->farewell(), "\x1b[?25h\n");
}

TEST_F(Watching, off_a_terminal_tells_changes_only_and_steers_nothing) {
  world_.answers(kQueue, 200, page_of(kRunning));
  world_.answers(kQueue, 200, page_of(kRunning));
  world_.answers(kQueue, 200, page_of(""));
  begin({});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(watch_->look());
  EXPECT_EQ(world_.out(),
            "12  gpt2  downloading, 1.0 kB of 2.0 kB\n"
            "12  gpt2  has left the queue\n");
  EXPECT_EQ(watch_->farewell(), "");
}

TEST_F(Watching, waits_for_a_server_that_went_away) {
  world_.answers(kQueue, 200, page_of(kRunning));
  world_.goes_silent(kQueue);
  world_.goes_silent(kQueue);
  world_.answers(kQueue, 200, page_of(kRunning));
  begin({});
  EXPECT_EQ(*watch_->look(), 1'000);
  EXPECT_EQ(*watch_->look(), 1'000);
  EXPECT_EQ(*watch_->look(), 2'000);
  EXPECT_EQ(*watch_->look(), 1'000);
  EXPECT_EQ(world_.out(),
            "12  gpt2  downloading, 1.0 kB of 2.0 kB\n"
            "no answer from http://localhost:5000, trying again\n"
            "http://localhost:5000  1 download\n");
}

TEST_F(Watching, a_server_that_never_answered_is_an_error) {
  world_.goes_silent(kQueue);
  begin({});
  EXPECT_FALSE(watch_->look());
}

}  // namespace
}  // namespace modelkeep::cli
