// Every answer is counted once: with one who counts along, across restarts, with torn journals.
#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/system/database.h"
#include "tests/system/load.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

class UsageFaults : public RunningStore {
 protected:
  static Answer ask_as(Client& client, const std::string& who, std::int64_t turn) {
    const std::vector<net::Header> name{{"X-Username", who}};
    return turn % 2 == 0 ? client.get("/api/models?limit=5", name)
                         : client.get("/api/models/nothing-here", name);
  }
  std::int64_t events_of(const std::string& who) {
    EXPECT_EQ(api().get("/api/stats").status, 200);
    OutsideDatabase db(service().layout().database());
    return db.number(
        "SELECT count(e.seq) FROM events e JOIN users u ON u.pk = e.user"
        " WHERE u.name = '" +
        who + "'");
  }
  std::vector<std::string> journals() {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(service().layout().journal_dir())) {
      if (entry.is_regular_file() && entry.file_size() > 0) found.push_back(entry.path().string());
    }
    return found;
  }
};

TEST_F(UsageFaults, stats_include_every_answer_given_before_them) {
  ASSERT_TRUE(start());
  const std::int64_t before = total_requests();
  for (std::int64_t i = 0; i < 57; ++i) ask_as(*&api(), "ada", i);
  // The first question for the figures is an answer before the second.
  EXPECT_EQ(total_requests(), before + 58);
  EXPECT_EQ(events_of("ada"), 57);
}

TEST_F(UsageFaults, many_at_once_are_counted_exactly) {
  ASSERT_TRUE(start());
  Load load(service().url(), 8, [](Client& client, int number, std::int64_t turn) {
    return ask_as(client, "load", number + turn);
  });
  ASSERT_TRUE(wait_until([&] { return load.answered() > 1'500; }, 20'000));
  const LoadFigures figures = load.stop();
  EXPECT_EQ(figures.failed, 0);
  EXPECT_EQ(events_of("load"), figures.answered);
}

TEST_F(UsageFaults, F52_killed_before_the_import_they_are_counted_after_it_once) {
  ASSERT_TRUE(start());
  std::int64_t answered = 0;
  for (int round = 0; round < 4; ++round) {
    for (std::int64_t i = 0; i < 50; ++i) {
      if (ask_as(api(), "ada", i).status > 0) ++answered;
    }
    service().kill_everything();
    ASSERT_TRUE(service().start());
  }
  EXPECT_EQ(events_of("ada"), answered);
  service().stop();
  ASSERT_TRUE(service().start());
  EXPECT_EQ(events_of("ada"), answered) << "a journal was imported twice";
}

TEST_F(UsageFaults, F52_a_torn_last_record_costs_itself_and_nothing_else) {
  ASSERT_TRUE(start());
  for (std::int64_t i = 0; i < 20; ++i) ask_as(api(), "ada", i);
  service().signal_role(Role::worker, SIGSTOP);
  const std::vector<std::string> all = journals();
  ASSERT_FALSE(all.empty());
  for (const std::string& journal : all) {
    std::ofstream(journal, std::ios::app | std::ios::binary) << "torn by a power c";
  }
  service().kill_everything();
  ASSERT_TRUE(service().start());
  EXPECT_EQ(events_of("ada"), 20);
  for (std::int64_t i = 0; i < 20; ++i) ask_as(api(), "ada", i);
  EXPECT_EQ(events_of("ada"), 40);
  expect_whole(service());
}

TEST_F(UsageFaults, a_request_that_nginx_hands_on_to_the_long_pool_is_counted_once) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  const Answer answer =
      api().post("/api/models/download", asking("test/tiny", "\"wait\":true,\"username\":\"w\""));
  EXPECT_EQ(answer.status, 200) << answer.brief();
  EXPECT_EQ(events_of("w"), 1);
}

TEST_F(UsageFaults, refusals_are_events_too) {
  ASSERT_TRUE(start());
  const std::int64_t before = total_requests();
  EXPECT_EQ(api().get("/api/nothing").status, 404);
  EXPECT_EQ(api().get("/api/models/none").status, 404);
  EXPECT_EQ(api().post("/api/models/download", "{").status, 400);
  // These three, and the first question for the figures.
  EXPECT_EQ(total_requests(), before + 4);
}

}  // namespace
}  // namespace modelkeep::system_test
